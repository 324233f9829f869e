import type { Vigilancia } from '@shared/model/recepcion'

/** Where originals end up, in the casilla's own folder. */
export const OWN_FOLDERS = ['procesado', 'rechazado', 'cuarentena'] as const
export type OwnFolder = (typeof OWN_FOLDERS)[number]

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

const cache = new Map<string, RegExp>()

/** A glob of `*` and `?` over a whole name, whatever its case: senders don't keep to one. */
export function globToRegExp(glob: string): RegExp {
  const known = cache.get(glob)
  if (known) return known
  // Repeated stars say the same as one, and many of them would make matching slow.
  const body = glob
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const made = new RegExp(`^${body}$`, 'isu')
  if (cache.size > 1_000) cache.clear()
  cache.set(glob, made)
  return made
}

const matches = (name: string, globs: readonly string[]): boolean =>
  globs.some((glob) => globToRegExp(glob).test(name))

/** True for a file that the casilla takes, by its name alone. */
export function takesName(
  name: string,
  { patrones, ignorar }: Pick<Vigilancia, 'patrones' | 'ignorar'>,
): boolean {
  if (matches(name, UNFINISHED) || matches(name, ignorar)) return false
  return matches(name, patrones.length > 0 ? patrones : READABLE)
}

/** True for a folder (relative to the casilla's, with `/`) that is not looked into. */
export function skipsFolder(relative: string): boolean {
  const parts = relative.split('/')
  const [first = ''] = parts
  return parts.some((part) => part.startsWith('.')) || OWN_FOLDERS.some((own) => own === first.toLowerCase())
}

/** The sender whose sub-folder holds `relative` (a file, with `/`): the deepest one; the casilla's own folder only when it is one's alone. */
export function senderOf(
  relative: string,
  places: readonly { emisor_id: number; subdirectorio: string }[],
): number | null {
  const owners = places
    .map(({ emisor_id, subdirectorio }) => ({
      emisor_id,
      folder: subdirectorio.replaceAll('\\', '/').replace(/^\/+|\/+$/g, ''),
    }))
    .filter(({ folder }) => folder === '' || relative.startsWith(`${folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)
  const [best, second] = owners
  if (!best) return null
  return second && second.folder === best.folder ? null : best.emisor_id
}
