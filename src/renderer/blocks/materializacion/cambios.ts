import type { Ensayo } from '@shared/model/materializacion'

type Muestra = Ensayo['tablas'][number]['muestra']

/** One line of a list of changes: a row that comes, one that goes, or a side of one that changes. */
export interface ChangeLine {
  cambio: Muestra[number]['cambio']
  side: 'antes' | 'despues'
  cells: readonly (string | null)[]
  /** Columns whose value differs from the other side. */
  changed: ReadonlySet<number>
}

const NOTHING: ReadonlySet<number> = new Set()

/** A changed row becomes two lines, what was and what is, with the cells that differ. */
export function changeLines(muestra: Muestra): ChangeLine[] {
  return muestra.flatMap(({ cambio, antes, despues }): ChangeLine[] => {
    const changed =
      antes && despues
        ? new Set(despues.flatMap((cell, index) => (cell === antes[index] ? [] : [index])))
        : NOTHING
    return [
      ...(antes ? [{ cambio, side: 'antes' as const, cells: antes, changed }] : []),
      ...(despues ? [{ cambio, side: 'despues' as const, cells: despues, changed }] : []),
    ]
  })
}
