import type { Vigilancia } from '@shared/model/recepcion'

/** Where originals end up, in the casilla's own folder. */
export const OWN_FOLDERS = ['procesado', 'rechazado', 'cuarentena'] as const
export type OwnFolder = (typeof OWN_FOLDERS)[number]

/** How deep sub-folders are looked into. */
export const MOST_DEEP = 8

/** Names that programs give to what they have not finished writing, and what is nobody's data. */
const UNFINISHED = [
  '.*',
  '~$*',
  '*.part',
  '*.partial',
  '*.tmp',
  '*.crdownload',
  '*.filepart',
  'Thumbs.db',
  'desktop.ini',
]
/** What some reader knows by its name. */
const READABLE = [
  ...[
    '*.csv',
    '*.tsv',
    '*.txt',
    '*.dat',
    '*.zip',
    '*.gz',
    '*.xlsx',
    '*.xlsm',
    '*.xls',
    '*.parquet',
    '*.jsonl',
  ],
  ...['*.ndjson', '*.json'],
]

/**
 * A glob of `*` and `?` over a whole name, whatever its case: senders don't keep to one. Two places are walked and the last star is gone
 * back to, so that a name costs its length times the glob's at most; as a regular expression several stars would go through every split.
 */
export function matchesGlob(name: string, glob: string): boolean {
  const [text, pattern] = [name, glob].map((one) => [...one.normalize('NFC').toLowerCase()])
  if (!text || !pattern) return false
  let [t, p, star, resume] = [0, 0, -1, 0]
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++
      resume = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

const matches = (name: string, globs: readonly string[]): boolean =>
  globs.some((glob) => matchesGlob(name, glob))

/** True for a file that the casilla takes, by its name alone. */
export function takesName(
  name: string,
  { patrones, ignorar }: Pick<Vigilancia, 'patrones' | 'ignorar'>,
): boolean {
  if (matches(name, UNFINISHED) || matches(name, ignorar)) return false
  return matches(name, patrones.length > 0 ? patrones : READABLE)
}

const isOwn = (part: string): boolean => OWN_FOLDERS.some((own) => own === part.toLowerCase())

/**
 * True for a folder (relative to the casilla's, with `/`) that is not looked into: hidden ones, and those of originals already taken,
 * however deep (they were another casilla's, or this one's when its folder was a smaller one).
 */
export const skipsFolder = (relative: string): boolean =>
  relative.split('/').some((part) => part.startsWith('.') || isOwn(part))

/** The same for two spellings that some file system takes for one folder. */
export const folderKey = (path: string): string => path.normalize('NFC').toLowerCase()

export interface Place {
  emisor_id: number
  subdirectorio: string
  metodos: readonly string[]
}

/**
 * The sender whose sub-folder holds `relative` (a file, with `/`): the deepest one, whatever it may send. Without a sub-folder, the
 * casilla's own is that of the only one who sends by `metodo`.
 */
export function senderOf(relative: string, metodo: string, places: readonly Place[]): number | null {
  const file = folderKey(relative)
  const [best] = places
    .filter(({ subdirectorio }) => subdirectorio !== '' && file.startsWith(`${folderKey(subdirectorio)}/`))
    .sort((a, b) => b.subdirectorio.length - a.subdirectorio.length)
  if (best) return best.emisor_id
  const [root, other] = places.filter(
    ({ subdirectorio, metodos }) => subdirectorio === '' && metodos.includes(metodo),
  )
  return root && !other ? root.emisor_id : null
}
