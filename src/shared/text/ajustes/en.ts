import type { ajustesEs } from './es'

/** Words of the engine's settings, in English. */
export const ajustesEn: Record<keyof typeof ajustesEs, string> = {
  'setting.concurrency': 'Executions at once',
  'setting.concurrency.help': 'How many executions run at once; each one uses its own memory.',
  'setting.detailCap': 'Detail per rule',
  'setting.detailCap.help': 'Records listed per rule in the reports; the full list is in errores.csv.',
  'setting.loadConcurrency': 'Loads at once',
  'setting.loadConcurrency.help':
    'How many loads into destinations run at once; two never write into one table.',
  'setting.logLevel': 'Log level',
  'setting.logLevel.help': 'From which level engine.log is written.',
  'setting.memoryLimitMb': 'Engine memory (MiB)',
  'setting.memoryLimitMb.help': 'Memory limit while validating. Applies to the next execution.',
  'setting.unzipMaxFileGib': 'Size of one file when opened (GiB)',
  'setting.unzipMaxFileGib.help': 'How large one file may be once out of its ZIP or gzip.',
  'setting.unzipMaxFiles': 'Files per ZIP',
  'setting.unzipMaxFiles.help': 'A ZIP with more files is refused without being opened.',
  'setting.unzipMaxTotalGib': 'Size of a ZIP when opened (GiB)',
  'setting.unzipMaxTotalGib.help': 'How large the files of a ZIP may be together once opened.',
}
