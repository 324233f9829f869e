import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Stored {
  name: string
  data: Buffer
  generation: string
  timeCreated: string
  md5Hash: string
  metadata: Record<string, string>
}

export interface Session {
  bucket: string
  name: string
  ifGenerationMatch: string | null
  data: Buffer
}

/** An answer that is an error. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message)
  }
}

export const noObject = (bucket: string, name: string): Refusal =>
  new Refusal(404, 'notFound', `No such object: ${bucket}/${name}`)
const unmet = (): Refusal =>
  new Refusal(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.')

export const md5Of = (data: Buffer): string => createHash('md5').update(data).digest('base64')
/** What the service keeps of a part that is not the last. */
const GRAIN = 256 * 1024

/** The buckets and the uploads that are under way. */
export class Objects {
  private readonly buckets = new Map<string, Map<string, Stored>>()
  readonly sessions = new Map<string, Session>()
  private generation = 1_700_000_000_000_000n

  bucket(name: string): Map<string, Stored> {
    const found = this.buckets.get(name)
    if (found) return found
    throw new Refusal(404, 'notFound', 'The specified bucket does not exist.')
  }

  make(name: string): void {
    if (this.buckets.has(name)) throw new Refusal(409, 'conflict', 'You already own this bucket.')
    this.buckets.set(name, new Map())
  }

  find(bucket: string, name: string): Stored {
    const found = this.bucket(bucket).get(name)
    if (found) return found
    throw noObject(bucket, name)
  }

  /** `wanted` is a generation, 0 for none. @throws Refusal 412 */
  require(found: Stored | undefined, wanted: string | null): void {
    if (wanted !== null && wanted !== (found?.generation ?? '0')) throw unmet()
  }

  put(bucket: string, name: string, data: Buffer, wanted: string | null, md5Hash?: string): Stored {
    const files = this.bucket(bucket)
    this.require(files.get(name), wanted)
    const actual = md5Of(data)
    if (md5Hash !== undefined && md5Hash !== actual)
      throw new Refusal(400, 'invalid', `Provided MD5 hash "${md5Hash}" doesn't match calculated MD5 hash.`)
    this.generation += 1n
    const timeCreated = new Date().toISOString()
    const generation = String(this.generation)
    const stored = { name, data, generation, timeCreated, md5Hash: actual, metadata: {} }
    files.set(name, stored)
    return stored
  }

  begin(session: Omit<Session, 'data'>): string {
    this.bucket(session.bucket)
    const id = randomUUID()
    this.sessions.set(id, { ...session, data: Buffer.alloc(0) })
    return id
  }

  session(id: string): Session {
    const found = this.sessions.get(id)
    if (found) return found
    throw new Refusal(404, 'notFound', 'Upload session not found.')
  }

  /** Of a part whose connection was cut, what came of it in whole grains. */
  keepOfCut(request: IncomingMessage, part: Buffer): void {
    const id = new URL(request.url ?? '', 'http://gcs').searchParams.get('upload_id') ?? ''
    const session = this.session(id)
    const whole = part.subarray(0, Math.floor(part.length / GRAIN) * GRAIN)
    session.data = Buffer.concat([session.data, whole])
  }
}
