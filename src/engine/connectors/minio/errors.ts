import type { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import type { Doing } from '../shared/object-store'
import { explainS3, type S3Place } from '../shared/s3/codes'
import { ClientFailure } from './wire'

const clientError = z.object({ code: z.string().optional(), name: z.string().optional() })

/** The client's own words for an answer without a body: the status says more. */
const WORDLESS = ['NotFound', 'MethodNotAllowed', 'MovedPermanently', 'TemporaryRedirect']

/** What MinIO's client throws, in our words. */
export function fromMinio(error: unknown, doing: Doing, at: S3Place): AppError {
  const { cause, answered } =
    error instanceof ClientFailure ? error : { cause: error, answered: { status: undefined } }
  const { code, name } = clientError.safeParse(cause).data ?? {}
  const said = code ?? name ?? ''
  return explainS3({ ...answered, code: WORDLESS.includes(said) ? '' : said, cause }, doing, at)
}

export const statusOf = (error: unknown): number | undefined =>
  error instanceof ClientFailure ? error.answered.status : undefined
