import { AppError } from '@shared/errors/app-error'
import {
  alreadyExists,
  busy,
  changed,
  corrupt,
  cut,
  del,
  denied,
  failed,
  fromWire,
  full,
  loginRefused,
  noContainer,
  notFound,
  unsupported,
} from '../errors'
import type { Doing } from '../object-store'

/** An error in the language that S3 and everything that speaks like it share, whatever client read it. */
export interface S3Failure {
  /** `NoSuchKey`; empty where the answer had no body. */
  code: string
  status?: number
  retryAfterMs?: number
  /** Where the bucket is, if the server says so. */
  region?: string
  cause: unknown
}

export interface S3Place {
  bucket: string
  /** «el bucket «ventas»» */
  place: string
  /** «el servidor s3.ejemplo.com» */
  server: string
}

type Rule = (failure: S3Failure, doing: Doing, at: S3Place) => AppError

const refused =
  (hint: string): Rule =>
  ({ cause }, _doing, { server }) =>
    loginRefused(server, hint, cause)

const precondition: Rule = ({ cause }, { condition, path }, { place }) => {
  if (condition === 'absent') return alreadyExists(path, place, cause)
  return condition === 'same' ? changed(path, place, cause) : failed(place, cause)
}

const noBucket: Rule = ({ cause }, _doing, { bucket, server }) => noContainer(bucket, server, cause)
const noKey: Rule = ({ cause }, { path }, { place }) => notFound(path, place, cause)
const noPermission: Rule = ({ cause }, { action, path }, { place }) => denied(action, path, place, cause)
const overloaded: Rule = ({ cause, retryAfterMs }, _doing, { server }) => busy(server, retryAfterMs, cause)
const broken: Rule = ({ cause }, _doing, { place }) => cut(place, cause)
const damaged: Rule = ({ code }, { path }, { place }) => corrupt(path, place, { code })
const noRoom: Rule = ({ cause }, _doing, { place }) => full(place, cause)
const taken: Rule = ({ cause }, _doing, { bucket, server }) => alreadyExists(bucket, server, cause)

const elsewhere: Rule = ({ cause, region }, _doing, { place }) =>
  new AppError('REMOTE_FAILED', {
    kind: 'config',
    message: `La región no es la ${del(place)}${region === undefined ? '' : `, que está en ${region}`}.`,
    hint: 'Corregir la región en el proveedor.',
    details: region === undefined ? undefined : { region },
    cause,
  })

const badName: Rule = ({ cause }, _doing, { bucket }) =>
  new AppError('REMOTE_FAILED', {
    kind: 'config',
    message: `«${bucket}» no es un nombre de bucket válido.`,
    hint: 'Usar de 3 a 63 minúsculas, números, puntos o guiones.',
    cause,
  })

const CHECK_KEYS = 'Revisar la clave de acceso y la clave secreta.'
const RENEW = 'La credencial caducó: renovarla.'

const RULES: Record<string, Rule> = {
  NoSuchBucket: noBucket,
  NoSuchKey: noKey,
  // A part of an upload that the server forgot: it is sent again from the beginning.
  NoSuchUpload: broken,
  AccessDenied: noPermission,
  AllAccessDisabled: noPermission,
  InvalidAccessKeyId: refused(CHECK_KEYS),
  SignatureDoesNotMatch: refused(CHECK_KEYS),
  InvalidToken: refused(RENEW),
  ExpiredToken: refused(RENEW),
  ExpiredTokenException: refused(RENEW),
  TokenRefreshRequired: refused(RENEW),
  CredentialsProviderError: refused('No se encontró ninguna credencial: revisar el perfil o las variables.'),
  RequestTimeTooSkewed: refused('El reloj de este equipo no coincide con el del servidor: ponerlo en hora.'),
  PreconditionFailed: precondition,
  // Two writers at the same moment: who tries again is told who won.
  ConditionalRequestConflict: overloaded,
  OperationAborted: overloaded,
  SlowDown: overloaded,
  ServiceUnavailable: overloaded,
  Throttling: overloaded,
  ThrottlingException: overloaded,
  RequestLimitExceeded: overloaded,
  InternalError: overloaded,
  RequestTimeout: broken,
  IncompleteBody: broken,
  TimeoutError: broken,
  BadDigest: damaged,
  InvalidDigest: damaged,
  XAmzContentSHA256Mismatch: damaged,
  QuotaExceeded: noRoom,
  XMinioStorageFull: noRoom,
  BucketAlreadyExists: taken,
  BucketAlreadyOwnedByYou: taken,
  PermanentRedirect: elsewhere,
  AuthorizationHeaderMalformed: elsewhere,
  IllegalLocationConstraintException: elsewhere,
  InvalidBucketName: badName,
  InvalidBucketNameError: badName,
  NotImplemented: ({ cause }, { action }, { server }) =>
    unsupported(`esta forma de ${action}`, server, 'Usar un servidor que la admita.', cause),
  EntityTooLarge: ({ cause }, _doing, { place }) =>
    unsupported('un archivo tan grande', place, 'Partirlo en varios.', cause),
}

const BY_STATUS: Record<number, Rule> = {
  301: elsewhere,
  403: noPermission,
  404: noKey,
  408: broken,
  412: precondition,
  429: overloaded,
  500: overloaded,
  502: overloaded,
  503: overloaded,
  504: overloaded,
  507: noRoom,
}

/** What the server said, in our words. */
export function explainS3(failure: S3Failure, doing: Doing, at: S3Place): AppError {
  const { code, status, cause } = failure
  const rule = RULES[code] ?? (status === undefined ? undefined : BY_STATUS[status])
  return rule?.(failure, doing, at) ?? fromWire(cause, at.server) ?? failed(at.server, cause)
}
