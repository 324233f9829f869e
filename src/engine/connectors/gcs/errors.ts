import { AppError } from '@shared/errors/app-error'
import {
  alreadyExists,
  busy,
  changed,
  corrupt,
  cut,
  denied,
  failed,
  fromWire,
  loginRefused,
  noContainer,
  notFound,
  unsupported,
} from '../shared/errors'
import type { Doing } from '../shared/object-store'
import { GcsFailure } from './http'

export interface GcsPlace {
  bucket: string
  place: string
  server: string
}

type Rule = (failure: GcsFailure, doing: Doing, at: GcsPlace) => AppError

const overloaded: Rule = (failure, _doing, { server }) => busy(server, failure.retryAfterMs, failure)
const broken: Rule = (failure, _doing, { place }) => cut(place, failure)
const noPermission: Rule = (failure, { action, path }, { place }) => denied(action, path, place, failure)
const refused: Rule = (failure, _doing, { server }) =>
  loginRefused(
    server,
    'Revisar que la clave JSON siga activa, y que el reloj de este equipo esté en hora.',
    failure,
  )
const precondition: Rule = (failure, { condition, path }, { place }) => {
  if (condition === 'absent') return alreadyExists(path, place, failure)
  return condition === 'same' ? changed(path, place, failure) : failed(place, failure)
}
/** The service says both with the same reason. */
const missing: Rule = (failure, { path }, { bucket, place, server }) =>
  /bucket does not exist/i.test(failure.message)
    ? noContainer(bucket, server, failure)
    : notFound(path, place, failure)
const invalid: Rule = (failure, { path }, { place, server, bucket }) => {
  if (/crc32c|md5|hash/i.test(failure.message)) return corrupt(path, place, { reason: failure.message })
  if (/bucket name/i.test(failure.message))
    return new AppError('REMOTE_FAILED', {
      kind: 'config',
      message: `«${bucket}» no es un nombre de bucket válido.`,
      hint: 'Usar de 3 a 63 minúsculas, números, puntos o guiones.',
      cause: failure,
    })
  return failed(server, failure)
}

const BY_REASON: Record<string, Rule> = {
  rateLimitExceeded: overloaded,
  userRateLimitExceeded: overloaded,
  accountDisabled: refused,
}

const BY_STATUS: Record<number, Rule> = {
  400: invalid,
  401: refused,
  403: noPermission,
  404: missing,
  408: broken,
  409: (failure, _doing, { bucket, server }) => alreadyExists(bucket, server, failure),
  // The session of an upload that the service gave up.
  410: broken,
  412: precondition,
  413: (failure, _doing, { place }) =>
    unsupported('un archivo tan grande', place, 'Partirlo en varios.', failure),
  429: overloaded,
  500: overloaded,
  502: overloaded,
  503: overloaded,
  504: overloaded,
}

/** What the service answered, or the wire did, in our words. */
export function fromGcs(error: unknown, doing: Doing, at: GcsPlace): AppError {
  if (!(error instanceof GcsFailure)) return fromWire(error, at.server) ?? failed(at.server, error)
  const rule = BY_REASON[error.reason] ?? BY_STATUS[error.status]
  return rule?.(error, doing, at) ?? failed(at.server, error)
}
