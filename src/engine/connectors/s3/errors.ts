import type { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import type { Doing } from '../shared/object-store'
import { explainS3, type S3Place } from '../shared/s3/codes'

/** What Amazon's SDK hangs on the errors it throws; everything may be missing. */
const sdkError = z.object({
  name: z.string().default(''),
  Code: z.string().optional(),
  Region: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
  $response: z.object({ headers: z.record(z.string(), z.string()).optional() }).optional(),
})

/** What Amazon's SDK throws, in our words. */
export function fromS3(error: unknown, doing: Doing, at: S3Place): AppError {
  const read = sdkError.safeParse(error)
  const { name, Code, Region, $metadata, $response } = read.success ? read.data : sdkError.parse({})
  const headers = $response?.headers ?? {}
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return explainS3(
    {
      code: Code ?? name,
      status: $metadata?.httpStatusCode,
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
      region: Region ?? headers['x-amz-bucket-region'],
      cause: error,
    },
    doing,
    at,
  )
}

/** Of the answer that the SDK threw about; undefined when there was none. */
export const statusOf = (error: unknown): number | undefined =>
  sdkError.safeParse(error).data?.$metadata?.httpStatusCode
