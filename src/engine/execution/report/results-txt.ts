import type { Verdict } from '@shared/model/execution'
import {
  checkName,
  clock,
  count,
  dateTime,
  elapsedSeconds,
  FILE_STATES,
  oneLine,
  percent,
  plural,
  SEVERITY_WORDS,
} from './words'

const WIDTH = 80
const INNER = WIDTH - 4

/** Words of a text in lines of the box; a word longer than the line is cut into pieces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    let rest = word
    if (line !== '' && line.length + 1 + rest.length > width) {
      lines.push(line)
      line = ''
    }
    while (rest.length > width) {
      lines.push(rest.slice(0, width))
      rest = rest.slice(width)
    }
    line = line === '' ? rest : `${line} ${rest}`
  }
  lines.push(line)
  return lines
}

const bar = (left: string, fill: string, right: string): string => `${left}${fill.repeat(WIDTH - 2)}${right}`
const row = (text: string): string => `│ ${text.padEnd(INNER)} │`

/** `Label ....... value`, the value to the right; below it when both don't fit. */
function pair(label: string, value: string): string[] {
  const dots = INNER - label.length - value.length - 2
  if (dots >= 2) return [row(`${label} ${'.'.repeat(dots)} ${value}`)]
  return [row(label), ...wrap(value, INNER - 4).map((line) => row(`    ${line}`))]
}

const paragraph = (text: string, indent = 0): string[] =>
  wrap(text, INNER - indent).map((line, index) => row(`${index === 0 ? '' : ' '.repeat(indent)}${line}`))

/** One box with a title; empty ones are left out. */
function box(title: string, body: string[]): string[] {
  if (body.length === 0) return []
  return [bar('┌', '─', '┐'), row(title), bar('├', '─', '┤'), ...body, bar('└', '─', '┘'), '']
}

function general(verdict: Verdict): string[] {
  return [
    ...pair('Archivo', oneLine(verdict.inputFile)),
    ...pair('Definición', oneLine(`${verdict.schemaName} ${verdict.schemaVersion}`)),
    ...pair('Paquete', oneLine(verdict.packageName)),
    ...pair('Inicio', dateTime(verdict.startedAt)),
    ...pair('Fin', dateTime(verdict.finishedAt)),
    ...pair('Duración', clock(elapsedSeconds(verdict))),
    ...pair('Ejecución', verdict.executionId),
    ...pair('SHA-256', verdict.inputSha256),
  ]
}

function summary({ estado, totals }: Verdict): string[] {
  return [
    ...pair('Estado', estado),
    ...pair('Registros', count(totals.records)),
    ...pair('Errores', count(totals.errors)),
    ...pair('Advertencias', count(totals.warnings)),
    ...pair('Mensajes', count(totals.messages)),
    ...pair('Registros con error', count(totals.refused)),
    ...pair('Tasa de éxito', percent(totals.successRate)),
  ]
}

function perFile(verdict: Verdict): string[] {
  return verdict.files.flatMap((file, index) => {
    const rate =
      file.records === 0 ? null : ((file.records - Math.min(file.refused, file.records)) / file.records) * 100
    return [
      ...(index === 0 ? [] : [row('')]),
      ...paragraph(`${oneLine(file.file)} (${oneLine(file.catalog)}): ${FILE_STATES[file.state]}`, 2),
      ...(file.encoding === null ? [] : pair('  Codificación', file.encoding)),
      ...(file.sheet === undefined ? [] : pair('  Hoja', oneLine(file.sheet))),
      ...pair('  Registros', count(file.records)),
      ...pair('  Errores', count(file.errors)),
      ...pair('  Advertencias', count(file.warnings)),
      ...(rate === null ? [] : pair('  Tasa de éxito', percent(rate))),
    ]
  })
}

function formatErrors(verdict: Verdict): string[] {
  const missing = new Set(
    verdict.files.filter((file) => file.state === 'faltante').map((file) => file.catalog),
  )
  const shown = verdict.fileErrors.filter((error) => error.catalog === null || !missing.has(error.catalog))
  return shown.flatMap((error, index) => [
    ...paragraph(`${index + 1}. ${oneLine(error.message, 600)}`, 3),
    ...(error.file === null ? [] : pair('   Archivo', oneLine(error.file))),
    ...(error.expected === undefined ? [] : pair('   Esperado', oneLine(error.expected))),
    ...(error.found === undefined ? [] : pair('   Encontrado', oneLine(error.found))),
    ...(error.hint === undefined ? [] : paragraph(`   ${oneLine(error.hint, 600)}`, 3)),
  ])
}

function missingFiles(verdict: Verdict): string[] {
  const missing = verdict.files.filter((file) => file.state === 'faltante')
  return missing.flatMap((file) => [
    ...pair('Archivo', oneLine(file.file)),
    ...pair('Paquete', oneLine(verdict.packageName)),
  ])
}

function failedChecks(verdict: Verdict): string[] {
  return verdict.checks
    .filter((check) => check.count > 0)
    .flatMap((check, index) => {
      const records =
        check.recordCount > 0 ? plural(check.recordCount, 'registro', 'registros') : 'sin registros'
      return [
        ...(index === 0 ? [] : [row('')]),
        ...paragraph(
          `[${SEVERITY_WORDS[check.severity]}] ${oneLine(check.target)} · ${oneLine(checkName(check))}`,
          2,
        ),
        ...paragraph(`  ${oneLine(check.message, 600)}`, 2),
        ...pair('  Veces', `${count(check.count)} (${records})`),
        ...(check.records.length === 0
          ? []
          : pair('  Primeros registros', check.records.slice(0, 10).map(count).join('  '))),
      ]
    })
}

/** results.txt: boxed text of 80 columns for a terminal, an e-mail or a printer. */
export function resultsTxt(verdict: Verdict): string {
  const note = `Los conteos son exactos. De cada regla se listan hasta ${count(verdict.detailCap)} registros; la lista completa está en errores.csv y los registros rechazados, en la carpeta rechazados.`
  return [
    bar('╔', '═', '╗'),
    `║ ${'RESULTADO DE LA VALIDACIÓN'.padEnd(INNER)} ║`,
    bar('╚', '═', '╝'),
    '',
    ...box('INFORMACIÓN GENERAL', general(verdict)),
    ...box('RESUMEN GLOBAL', summary(verdict)),
    ...box('ESTADÍSTICAS POR ARCHIVO', perFile(verdict)),
    ...box('ERRORES DE FORMATO', formatErrors(verdict)),
    ...box('ARCHIVOS FALTANTES', missingFiles(verdict)),
    ...box('REGLAS INCUMPLIDAS', failedChecks(verdict)),
    ...wrap(note, WIDTH),
    '',
  ].join('\n')
}
