import { type CsvFaults, type CsvPlan, FAULT_KINDS } from '@engine/formats'

const columns = (n: number): string => (n === 1 ? '1 columna' : `${n} columnas`)

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
