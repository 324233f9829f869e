import { sep } from 'node:path'
import { type Db, listCasillas } from '@engine/store'
import { AppError } from '@shared/errors/app-error'

/** Windows and macOS take two spellings of a name as one folder. */
const spelled = (path: string): string => (process.platform === 'linux' ? path : path.toLowerCase())

/** How one real path lies to another: the same, inside it, around it, or apart (null). */
export function lies(path: string, other: string): 'same' | 'inside' | 'around' | null {
  const [a, b] = [spelled(path), spelled(other)]
  if (a === b) return 'same'
  const below = (folder: string): string => (folder.endsWith(sep) ? folder : folder + sep)
  if (a.startsWith(below(b))) return 'inside'
  return b.startsWith(below(a)) ? 'around' : null
}

/**
 * Refuses a watched folder that is another casilla's, lies inside one or holds one: each file must have one casilla that takes it, and
 * what one moves away must not arrive in another. `dataDir` is SAGE's own: what it keeps there is no submission.
 * @throws AppError FOLDER_IN_USE, FOLDER_IS_OURS
 */
export function requireFreeFolder(db: Db, carpeta: string, own: number | null, dataDir: string): void {
  if (lies(carpeta, dataDir) !== null) {
    throw new AppError('FOLDER_IS_OURS', {
      kind: 'conflict',
      message: `La carpeta «${carpeta}» contiene los datos de SAGE, o está dentro de ellos.`,
      hint: 'Elegir una carpeta que solo reciba archivos.',
    })
  }
  for (const { id, nombre, carpeta: taken } of listCasillas(db)) {
    const how = id === own || taken === null ? null : lies(carpeta, taken)
    if (how === null) continue
    const said = {
      same: `ya es la de la casilla «${nombre}»`,
      inside: `está dentro de la de la casilla «${nombre}» (${taken})`,
      around: `contiene la de la casilla «${nombre}» (${taken})`,
    }[how]
    throw new AppError('FOLDER_IN_USE', {
      kind: 'conflict',
      message: `La carpeta «${carpeta}» ${said}.`,
      hint: 'Elegir otra carpeta: cada casilla necesita una propia, ni compartida ni anidada.',
      details: { casillaId: id, carpeta: taken },
    })
  }
}
