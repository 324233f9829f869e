import type { Verdict } from '@shared/model/execution'
import type { Finding } from '@shared/model/findings'
import { detailsJson } from './details-json'
import { reportHtml } from './report-html'
import { resultsTxt } from './results-txt'
import { writeAtomic } from './write-atomic'

export { neutralizeFormula, neutralizeFormulaSql } from './formula'

export interface ReportOptions {
  lang: 'es'
}

/**
 * Writes results.txt, details.json and report.html in an execution folder, each whole or not at all. `sample`: the first findings
 * of each check, as many as the caller lists. Fails with the error of the disk when it can't write.
 */
export async function writeReports(
  dir: string,
  verdict: Verdict,
  sample: readonly Finding[],
  _options: ReportOptions = { lang: 'es' },
): Promise<void> {
  await writeAtomic(dir, 'results.txt', resultsTxt(verdict))
  await writeAtomic(dir, 'details.json', detailsJson(verdict, sample))
  await writeAtomic(dir, 'report.html', reportHtml(verdict, sample))
}
