import type { AppError } from '@shared/errors/app-error'
import {
  type Action,
  alreadyExists,
  codeOf,
  denied,
  failed,
  fromWire,
  full,
  notAFile,
  notFound,
  unsupported,
} from '../shared/errors'

/** What the file system throws, in our words. `path` is the one the person knows, below the base. */
export function fromFs(error: unknown, path: string, place: string, action: Action): AppError {
  switch (codeOf(error)) {
    case 'ENOENT':
      return notFound(path, place, error)
    case 'EEXIST':
      return alreadyExists(path, place, error)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return denied(action, path, place, error)
    case 'EISDIR':
    case 'ENOTDIR':
    case 'ENOTEMPTY':
      return notAFile(path, place, error)
    case 'ENOSPC':
    case 'EDQUOT':
      return full(place, error)
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
    case 'EMLINK':
      return unsupported(
        'escribir sin reemplazar',
        place,
        'Permitir que se reemplace, o usar un disco que admita enlaces duros.',
        error,
      )
    default:
      return fromWire(error, place) ?? failed(place, error)
  }
}
