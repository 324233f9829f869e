import { PassThrough, type Readable } from 'node:stream'
import type { AppError } from '@shared/errors/app-error'
import { cut } from './errors'

/** The stream of an SDK as `Connector.read` gives it: it fails with an AppError, and one that closes before its end is a cut. */
export function guardStream(source: Readable, place: string, map: (error: unknown) => AppError): Readable {
  const out = new PassThrough({ highWaterMark: 256 * 1024 })
  source.on('error', (error) => out.destroy(map(error)))
  source.on('close', () => {
    if (!source.readableEnded) out.destroy(cut(place))
  })
  out.on('close', () => source.destroy())
  source.pipe(out)
  return out
}
