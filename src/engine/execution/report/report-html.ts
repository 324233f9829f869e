import { createHash } from 'node:crypto'
import type { Estado, FileError, Verdict } from '@shared/model/execution'
import type { CheckResult, Finding, Severity } from '@shared/model/findings'
import { type Html, html, raw } from './html'
import { STYLE } from './style'
import {
  bytes,
  checkName,
  count,
  dateTime,
  duration,
  elapsedSeconds,
  FILE_STATES,
  oneLine,
  percent,
  plural,
  SEVERITY_WORDS,
} from './words'

/** Findings drawn per check; a report of thousands of rows is not read, and errores.csv has them all. */
const ROWS_PER_CHECK = 100
/** With fewer rows than this in all, every list is open from the start. */
const OPEN_UNDER = 200

// Outlines of Tabler icons (MIT): circle-check, alert-triangle, circle-x, message.
const icon = (path: string): Html =>
  raw(
    `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`,
  )
const CHECK = icon('<circle cx="12" cy="12" r="9"/><path d="M9 12l2 2l4 -4"/>')
const ALERT = icon(
  '<path d="M12 9v4M12 16v.01M10.4 3.6L2.3 17.1a1.9 1.9 0 0 0 1.6 2.9h16.2a1.9 1.9 0 0 0 1.6 -2.9L13.6 3.6a1.9 1.9 0 0 0 -3.2 0z"/>',
)
const CROSS = icon('<circle cx="12" cy="12" r="9"/><path d="M10 10l4 4m0 -4l-4 4"/>')
const NOTE = icon('<path d="M8 9h8M8 13h6M4 5h16v12h-8l-4 3v-3H4z"/>')

const STATES: Readonly<Record<Estado, { style: string; icon: Html }>> = {
  Éxito: { style: 'exito', icon: CHECK },
  Parcial: { style: 'parcial', icon: ALERT },
  Fallido: { style: 'fallido', icon: CROSS },
}
const SEVERITY_ICONS: Readonly<Record<Severity, Html>> = { error: CROSS, warning: ALERT, message: NOTE }

/** Data in its own direction: right-to-left text must not reorder what stands around it. */
const data = (text: string | null, max = 200): Html =>
  text === null ? html`` : html`<bdi>${oneLine(text, max)}</bdi>`
const severity = (value: Severity): Html =>
  html`<span class="sev ${value}">${SEVERITY_ICONS[value]}${SEVERITY_WORDS[value]}</span>`

function head(verdict: Verdict): Html {
  const state = STATES[verdict.estado]
  const { totals } = verdict
  const figures: [string, string][] = [
    ['Registros', count(totals.records)],
    ['Errores', count(totals.errors)],
    ['Avisos', count(totals.warnings)],
    ['Registros con error', count(totals.refused)],
    ['Tasa de éxito', percent(totals.successRate)],
  ]
  const facts: [string, Html | string][] = [
    ['Definición', html`${data(verdict.schemaName)} ${data(verdict.schemaVersion)}`],
    ['Paquete', data(verdict.packageName)],
    ['Inicio', dateTime(verdict.startedAt)],
    ['Duración', duration(elapsedSeconds(verdict))],
    ['Tamaño', bytes(verdict.inputBytes)],
    ['SHA-256', html`<span class="v">${verdict.inputSha256}</span>`],
    ['Ejecución', html`<span class="v">${verdict.executionId}</span>`],
  ]
  return html`<header>
<div class="head"><h1>${data(verdict.inputFile)}</h1><span class="state ${state.style}">${state.icon}${verdict.estado}</span></div>
<ul class="totals">${figures.map(([label, value]) => html`<li><span class="dim">${label}</span><b>${value}</b></li>`)}</ul>
<dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
</header>`
}

function filesTable(verdict: Verdict): Html {
  if (verdict.files.length === 0) return html``
  const rows = verdict.files.map(
    (file) =>
      html`<tr><th scope="row">${data(file.file)}</th><td>${data(file.catalog)}</td><td>${FILE_STATES[file.state]}</td><td class="n">${count(file.records)}</td><td class="n">${count(file.errors)}</td><td class="n">${count(file.warnings)}</td><td class="n">${count(file.refused)}</td><td class="n">${bytes(file.bytes)}</td><td>${file.sheet === undefined ? (file.encoding ?? '') : html`hoja ${data(file.sheet)}`}</td></tr>`,
  )
  return html`<section><h2>Archivos</h2><div class="scroll"><table>
<thead><tr><th scope="col">Archivo</th><th scope="col">Catálogo</th><th scope="col">Estado</th><th scope="col" class="n">Registros</th><th scope="col" class="n">Errores</th><th scope="col" class="n">Avisos</th><th scope="col" class="n">Con error</th><th scope="col" class="n">Tamaño</th><th scope="col">Codificación u hoja</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`
}

function fileErrorRow(error: FileError): Html {
  const hint = error.hint === undefined ? html`` : html`<br><span class="dim">${data(error.hint, 600)}</span>`
  return html`<tr><td>${severity(error.severity)}</td><td>${data(error.file)}</td><td>${data(error.message, 600)}${hint}</td><td class="v">${data(error.expected ?? null)}</td><td class="v">${data(error.found ?? null)}</td></tr>`
}

function fileErrorsTable(verdict: Verdict): Html {
  if (verdict.fileErrors.length === 0) return html``
  return html`<section><h2>Problemas de los archivos</h2><div class="scroll"><table>
<thead><tr><th scope="col">Severidad</th><th scope="col">Archivo</th><th scope="col">Qué pasa</th><th scope="col">Esperado</th><th scope="col">Encontrado</th></tr></thead>
<tbody>${verdict.fileErrors.map(fileErrorRow)}</tbody></table></div></section>`
}

function findingsTable(findings: readonly Finding[]): Html {
  const rows = findings.map(
    (finding) =>
      html`<tr><td class="n">${finding.record === null ? '' : count(finding.record)}</td><td class="n">${finding.line === null ? '' : count(finding.line)}</td><td>${data(finding.field)}</td><td class="v">${finding.value === null ? html`<span class="dim">vacío</span>` : data(finding.value)}</td></tr>`,
  )
  return html`<div class="scroll"><table class="list"><thead><tr><th scope="col" class="n">Registro</th><th scope="col" class="n">Línea</th><th scope="col">Campo</th><th scope="col">Valor</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

/** How often a check failed, and on how many records where that is another number. */
function countOf(check: CheckResult): string {
  const times = plural(check.count, 'vez', 'veces')
  if (check.recordCount === 0 || check.recordCount === check.count) return times
  return `${times} · ${plural(check.recordCount, 'registro', 'registros')}`
}

function checkBlock(check: CheckResult, findings: readonly Finding[], open: boolean): Html {
  const shown = findings.slice(0, ROWS_PER_CHECK)
  const title = html`${severity(check.severity)} ${data(check.message, 600)} <span class="n">${countOf(check)}</span><br><span class="dim">${data(checkName(check))}</span>`
  const rest = check.recordCount - shown.length
  const note =
    rest > 0 && shown.length > 0
      ? html`<p class="dim">Se muestran ${count(shown.length)} de ${plural(check.recordCount, 'registro', 'registros')}; todos están en errores.csv.</p>`
      : html``
  const first = check.records.slice(0, 20).map(count).join(', ')
  const listed =
    shown.length > 0
      ? findingsTable(shown)
      : html`<p>${first === '' ? 'La regla da un solo resultado: no señala registros.' : `Primeros registros: ${first}.`}</p>`
  return html`<details${open ? raw(' open') : ''}><summary>${title}</summary><div>${listed}${note}</div></details>`
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** Failed checks under the catalog or package they belong to, in the order of the verdict. */
function checksByTarget(verdict: Verdict, sample: readonly Finding[]): Html {
  const failed = verdict.checks.filter((check) => check.count > 0)
  if (failed.length === 0)
    return html`<section><h2>Reglas</h2><p>Ninguna regla señala registros.</p></section>`
  const byCheck = groupBy(sample, (finding) => finding.checkId)
  const open = sample.length < OPEN_UNDER
  const groups = groupBy(
    failed,
    (check) => `${check.scope === 'package' ? 'Paquete' : 'Catálogo'} ${check.target}`,
  )
  const blocks = [...groups].map(
    ([title, checks]) =>
      html`<h3>${data(title)} <span class="dim">· ${plural(checks.length, 'regla incumplida', 'reglas incumplidas')}</span></h3>${checks.map((check) => checkBlock(check, byCheck.get(check.id) ?? [], open))}`,
  )
  return html`<section><h2>Reglas incumplidas</h2>${blocks}</section>`
}

/**
 * report.html: one file that opens anywhere without a script, a font or a connection. Its policy allows this one style sheet (by
 * hash) and nothing else, so even a mistake in escaping could not run or load a thing.
 */
export function reportHtml(verdict: Verdict, sample: readonly Finding[]): string {
  const hash = createHash('sha256').update(STYLE).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const page = html`<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${verdict.estado} · ${oneLine(verdict.inputFile)}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
${head(verdict)}
${filesTable(verdict)}
${fileErrorsTable(verdict)}
${checksByTarget(verdict, sample)}
<footer>Los conteos son exactos. De cada regla se listan hasta ${count(verdict.detailCap)} registros en details.json y hasta ${count(ROWS_PER_CHECK)} aquí; la lista completa está en errores.csv y los registros rechazados, en la carpeta rechazados.</footer>
</main>
</body>
</html>
`
  return page.text
}
