import type { Stats } from 'ssh2'
import type { Entry } from '../types'

/** All that the protocol tells of a version: a rewrite of the same size within the same second is not seen. */
export const etagOf = (attrs: Pick<Stats, 'mtime' | 'size'>): string =>
  `${attrs.mtime.toString(36)}-${attrs.size.toString(36)}`

export const entryOf = (path: string, attrs: Stats): Entry => {
  const folder = attrs.isDirectory()
  return {
    path,
    kind: folder ? 'folder' : 'file',
    bytes: folder ? 0 : attrs.size,
    modified: new Date(attrs.mtime * 1000).toISOString(),
    etag: folder ? null : etagOf(attrs),
  }
}
