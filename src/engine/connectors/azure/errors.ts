import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import {
  alreadyExists,
  busy,
  changed,
  corrupt,
  cut,
  denied,
  failed,
  fromWire,
  full,
  loginRefused,
  noContainer,
  notAFile,
  notFound,
  unreachable,
  unsupported,
} from '../shared/errors'
import type { Doing } from '../shared/object-store'

export interface AzurePlace {
  container: string
  /** «el contenedor «entrada»» */
  place: string
  /** «la cuenta ventas» */
  account: string
}

interface Failure {
  code: string
  retryAfterMs?: number
  cause: unknown
}

type Rule = (failure: Failure, doing: Doing, at: AzurePlace) => AppError

/** What Azure's SDK hangs on what it throws; everything may be missing. */
const sdkError = z.object({
  name: z.string().optional(),
  code: z.string().optional(),
  statusCode: z.number().optional(),
  details: z.object({ errorCode: z.string().optional() }).optional(),
})
const withHeaders = z.object({
  response: z.object({ headers: z.custom<{ get(name: string): string | undefined }>(hasGet) }),
})
function hasGet(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'get' in value && typeof value.get === 'function'
}

const precondition: Rule = ({ cause }, { condition, path }, { place }) => {
  if (condition === 'absent') return alreadyExists(path, place, cause)
  return condition === 'same' ? changed(path, place, cause) : failed(place, cause)
}
const refused =
  (hint: string): Rule =>
  ({ cause }, _doing, { account }) =>
    loginRefused(account, hint, cause)
const noBlob: Rule = ({ cause }, { path }, { place }) => notFound(path, place, cause)
const noPermission: Rule = ({ cause }, { action, path }, { place }) => denied(action, path, place, cause)
const overloaded: Rule = ({ cause, retryAfterMs }, _doing, { account }) => busy(account, retryAfterMs, cause)
const broken: Rule = ({ cause }, _doing, { place }) => cut(place, cause)
const damaged: Rule = ({ code }, { path }, { place }) => corrupt(path, place, { code })
const noFeature: Rule = ({ cause }, { action }, { account }) =>
  unsupported(
    `esta forma de ${action}`,
    account,
    'Usar una cuenta de otro tipo, o prescindir de ello.',
    cause,
  )
const badName: Rule = ({ cause }, _doing, { container }) =>
  new AppError('REMOTE_FAILED', {
    kind: 'config',
    message: `«${container}» no es un nombre de contenedor válido.`,
    hint: 'Usar de 3 a 63 minúsculas, números o guiones.',
    cause,
  })
const leased: Rule = ({ cause }, { path }, { place }) =>
  new AppError('REMOTE_BUSY', {
    kind: 'transient',
    message: `Otro programa tiene bloqueado «${path}» en ${place}.`,
    hint: 'Esperar a que lo suelte, o romper su concesión (lease) en Azure.',
    cause,
  })

const KEY = 'Revisar la clave, que no haya caducado, y que la cuenta admita esta red.'
const APPLICATION = 'Revisar el directorio, la aplicación y su secreto, que también caduca.'

/** The SDK of identities keeps what the wire said to itself. */
const noIdentity: Rule = (failure, doing, at) => {
  const { cause } = failure
  const wire = cause instanceof Error && /(endpoints_resolution|network)_error/.test(cause.message)
  return wire
    ? unreachable('el servidor de identidad', 'no responde, o su certificado no es de fiar', cause)
    : refused(APPLICATION)(failure, doing, at)
}

const RULES: Record<string, Rule> = {
  ContainerNotFound: ({ cause }, _doing, { container, account }) => noContainer(container, account, cause),
  ContainerBeingDeleted: overloaded,
  ContainerAlreadyExists: ({ cause }, _doing, { container, account }) =>
    alreadyExists(container, account, cause),
  BlobNotFound: noBlob,
  ResourceNotFound: noBlob,
  PathNotFound: noBlob,
  CannotVerifyCopySource: noBlob,
  BlobAlreadyExists: ({ cause }, { path }, { place }) => alreadyExists(path, place, cause),
  ConditionNotMet: precondition,
  TargetConditionNotMet: precondition,
  SourceConditionNotMet: ({ cause }, { path }, { place }) => changed(path, place, cause),
  AuthenticationFailed: refused(KEY),
  // So says Azure of a network that is not let in, whatever the key; and Azurite of a wrong key.
  AuthorizationFailure: refused(KEY),
  InvalidAuthenticationInfo: refused(KEY),
  NoAuthenticationInformation: refused(KEY),
  AccountIsDisabled: refused('La cuenta está desactivada.'),
  AuthenticationError: refused(APPLICATION),
  AuthenticationRequiredError: refused(APPLICATION),
  CredentialUnavailableError: noIdentity,
  AggregateAuthenticationError: refused(APPLICATION),
  AuthorizationPermissionMismatch: noPermission,
  AuthorizationProtocolMismatch: noPermission,
  AuthorizationResourceTypeMismatch: noPermission,
  AuthorizationServiceMismatch: noPermission,
  AuthorizationSourceIPMismatch: noPermission,
  InsufficientAccountPermissions: noPermission,
  BlobImmutableDueToPolicy: noPermission,
  Md5Mismatch: damaged,
  Crc64Mismatch: damaged,
  // Another upload of the same name was finished meanwhile, which throws away the parts of this one.
  InvalidBlockList: broken,
  InvalidBlobOrBlock: broken,
  IncompleteBody: broken,
  REQUEST_SEND_ERROR: broken,
  PARSE_ERROR: broken,
  ServerBusy: overloaded,
  OperationTimedOut: overloaded,
  InternalError: overloaded,
  LeaseIdMissing: leased,
  DirectoryIsNotEmpty: ({ cause }, { path }, { place }) => notAFile(path, place, cause),
  ResourceTypeMismatch: ({ cause }, { path }, { place }) => notAFile(path, place, cause),
  AccountLimitExceeded: ({ cause }, _doing, { account }) => full(account, cause),
  FeatureNotSupportedForAccount: noFeature,
  BlobTagsNotSupportedForAccountType: noFeature,
  InvalidResourceName: badName,
  OutOfRangeInput: badName,
}

const BY_STATUS: Record<number, Rule> = {
  401: refused(KEY),
  403: noPermission,
  404: noBlob,
  408: broken,
  412: precondition,
  429: overloaded,
  500: overloaded,
  502: overloaded,
  503: overloaded,
  504: overloaded,
}

/** What Azure's SDK throws, in our words. */
export function fromAzure(error: unknown, doing: Doing, at: AzurePlace): AppError {
  const read = sdkError.safeParse(error).data ?? {}
  const code = read.details?.errorCode ?? header(error, 'x-ms-error-code') ?? read.code ?? ''
  const seconds = Number(header(error, 'retry-after') ?? Number.NaN)
  const failure: Failure = {
    code,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
    cause: error,
  }
  const wire = fromWire(error, at.account)
  if (wire !== null) return wire
  const rule = RULES[code] ?? RULES[read.name ?? ''] ?? BY_STATUS[read.statusCode ?? 0]
  return rule?.(failure, doing, at) ?? failed(at.account, error)
}

const header = (error: unknown, name: string): string | undefined =>
  withHeaders.safeParse(error).data?.response.headers.get(name)

export const statusOf = (error: unknown): number | undefined => sdkError.safeParse(error).data?.statusCode
