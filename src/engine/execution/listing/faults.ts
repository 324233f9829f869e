import { type CsvFaults, type CsvPlan, FAULT_KINDS, type FaultKind } from '@engine/formats'

const columns = (n: number): string => (n === 1 ? '1 columna' : `${n} columnas`)

const OTHER_FAULTS: Partial<Record<FaultKind, string>> = {
  unclosed: 'comillas sin cerrar',
  quote: 'comillas mal escritas',
  encoding: 'bytes de otra codificación',
  long: 'registros demasiado largos',
}

/** What is wrong with all the faulty records of a file. */
export function faultsMessage(faults: CsvFaults, width: number): string {
  const kinds = FAULT_KINDS.filter((_, i) => faults.kind.includes(i))
  const others = kinds.flatMap((kind) => OTHER_FAULTS[kind] ?? [])
  if (others.length === 0) return `Registros que no tienen la estructura esperada (${columns(width)}).`
  const ragged = others.length < kinds.length ? [`otro número de columnas (se esperaban ${width})`] : []
  return `Registros que no se pueden leer: ${[...ragged, ...others].join(', ')}.`
}

/** What is wrong with the i-th faulty record, in a person's words. */
export function faultMessage(faults: CsvFaults, i: number, plan: CsvPlan): string {
  const kind = FAULT_KINDS[faults.kind[i] ?? 0]
  const cells = faults.cells[i] ?? 0
  const line = faults.line[i] ?? 0
  switch (kind) {
    case 'unclosed':
      return `Una comilla abierta en la línea ${line} no se cierra: lo que sigue quedó dentro de ella.`
    case 'quote':
      return 'Una comilla de cierre va seguida de más texto: dentro de un campo entrecomillado se escribe doble.'
    case 'encoding':
      return 'Tiene bytes que no son de la codificación del archivo.'
    case 'long':
      return 'El registro es demasiado largo.'
    default:
      return `Se esperaban ${columns(plan.columns)} y tiene ${cells}.`
  }
}
