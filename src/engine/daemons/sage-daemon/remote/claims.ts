import { createHash, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Connector } from '@engine/connectors'
import { joinPath } from '@engine/connectors/shared/paths'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'

/** Beside the files, hidden: no listing of a casilla looks into it. */
export const CLAIMS_FOLDER = '.reclamos'
/** What a claim is at most; anything longer is not one. */
const MOST_BYTES = 4_096
/** Takeovers of one file's claim: past it something rewrites them that is not SAGE. */
const MOST_TAKEOVERS = 1_000

const claimSchema = z.object({
  /** Of who holds it; also in the store of its engine, so that it knows its own after a restart. */
  token: z.string(),
  equipo: z.string(),
  /** Another one in each renewal: who waits sees that the holder lives without reading any clock of its. */
  latido: z.string(),
})
type Claim = z.output<typeof claimSchema>

/** The file that is claimed. */
export interface Claimed {
  connector: Connector
  /** Where the casilla receives. */
  folder: string
  /** The file, from there. */
  relative: string
  token: string
}

interface Held extends Claimed {
  turn: number
  /** What is under way to renew it: a release must not be overtaken by it, or the claim would be back. */
  renewing: Promise<boolean>
}

const hasCode = (error: unknown, code: string): boolean => error instanceof AppError && error.code === code

/**
 * Who takes which file of a provider, when several engines watch one prefix. A claim is an object written only if it is absent, so exactly one
 * writer has it; its holder renews it while it works. One that was not renewed for a whole lease is taken over by writing the claim of the next
 * turn, again only if absent. The lease is measured by who waits, on its own clock: no other clock matters.
 *
 * The provider must hold `ifAbsent` (`Capabilities.conditionalWrite`). Where it can't, two engines that see a file in the same instant may both
 * take it; see README.md.
 */
export class Claims {
  private readonly held = new Map<string, Held>()
  /** Claims of others: as they were seen, and since when they are so. */
  private readonly seen = new Map<string, { latido: string; since: number }>()

  constructor(
    private readonly leaseMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** True when the file is ours, from now on or already. @throws what the connector throws */
  async take(file: Claimed): Promise<boolean> {
    const key = keyOf(file)
    for (let turn = 1; turn <= MOST_TAKEOVERS; turn++) {
      if (await this.write(file, turn, true)) return this.ours(file, turn)
      const last = await this.last(file, turn)
      // Its holder let go of it in between.
      if (last === null) return false
      if (last.claim.token === file.token) return this.ours(file, last.turn)
      const known = this.seen.get(key)
      if (known?.latido !== last.claim.latido) {
        this.seen.set(key, { latido: last.claim.latido, since: this.now() })
        return false
      }
      if (this.now() - known.since < this.leaseMs) return false
      turn = last.turn
    }
    return false
  }

  /** Shows that the holders of these live; gives the files whose claim another took. What could not be asked is left for the next time. */
  async renew(): Promise<Claimed[]> {
    const lost: Claimed[] = []
    for (const [key, held] of [...this.held]) {
      held.renewing = this.renewOne(key, held).catch(() => true)
      if (await held.renewing) continue
      this.held.delete(key)
      lost.push(held)
    }
    return lost
  }

  /** False when it is another's now. */
  private async renewOne(key: string, held: Held): Promise<boolean> {
    const last = await this.last(held, held.turn)
    if (this.held.get(key) !== held) return true
    if (last?.claim.token !== held.token) return false
    await this.write(held, held.turn, false)
    return true
  }

  /** Lets go of a file, which has left its place; of a claim of another nothing is touched. */
  async release(file: Claimed): Promise<void> {
    const key = keyOf(file)
    const held = this.held.get(key)
    this.held.delete(key)
    this.seen.delete(key)
    await held?.renewing
    const last = held ? held.turn : await this.ownTurn(file)
    // The first ones first: while one is left, nobody begins a turn that was over.
    for (let turn = 1; turn <= last; turn++) await file.connector.remove(pathOf(file, turn))
  }

  private ours(file: Claimed, turn: number): true {
    const key = keyOf(file)
    this.seen.delete(key)
    this.held.set(key, { ...file, turn, renewing: Promise.resolve(true) })
    return true
  }

  private async ownTurn(file: Claimed): Promise<number> {
    const last = await this.last(file, 1)
    return last?.claim.token === file.token ? last.turn : 0
  }

  /** The claim that counts, that of the last turn; null when there is none. */
  private async last(file: Claimed, from: number): Promise<{ claim: Claim; turn: number } | null> {
    let found: { claim: Claim; turn: number } | null = null
    for (let turn = from; turn <= MOST_TAKEOVERS; turn++) {
      const claim = await this.read(file, turn)
      if (claim === null) break
      found = { claim, turn }
    }
    return found
  }

  private async read(file: Claimed, turn: number): Promise<Claim | null> {
    try {
      const { stream } = await file.connector.read(pathOf(file, turn), { to: MOST_BYTES })
      const { success, data } = claimSchema.safeParse(parsed(await text(stream)))
      return success ? data : { token: '', equipo: '', latido: '' }
    } catch (error) {
      if (hasCode(error, 'REMOTE_NOT_FOUND')) return null
      throw error
    }
  }

  /** False when there is one. */
  private async write(file: Claimed, turn: number, ifAbsent: boolean): Promise<boolean> {
    const claim: Claim = { token: file.token, equipo: hostname(), latido: randomUUID() }
    const body = Buffer.from(JSON.stringify(claim))
    const source = { stream: Readable.from([body], { objectMode: false }), bytes: body.length }
    try {
      await file.connector.write(pathOf(file, turn), source, { ifAbsent })
      return true
    } catch (error) {
      if (ifAbsent && hasCode(error, 'REMOTE_EXISTS')) return false
      throw error
    }
  }
}

function parsed(given: string): unknown {
  try {
    return JSON.parse(given)
  } catch {
    return null
  }
}

const keyOf = ({ connector, folder, relative }: Claimed): string =>
  [connector.place, folder, relative].join('\n')

/** Of equal length whatever the file's name is, and without its sub-folders. */
const pathOf = ({ folder, relative }: Claimed, turn: number): string => {
  const name = createHash('sha256').update(relative).digest('hex').slice(0, 32)
  return joinPath(folder, CLAIMS_FOLDER, `${name}-${turn}.json`)
}
