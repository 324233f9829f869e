/// <reference types="vite/types/importMeta.d.ts" />
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Address,
  type Fault,
  type FaultProxy,
  startFaultProxy,
  startHttpFaultProxy,
} from '@testkit/connectors/fault-proxy'
import { seeded } from '@testkit/generator'
import { eachOf, pagesOf } from './contract/support.fixture'
import type { TransferPolicy } from './managed'
import { download } from './transfer'
import type { Connector } from './types'

/** A server for the transfers, in `x/rig.fixture.ts` of each connector that has a wire. */
export interface TransferRig {
  kind: string
  /** Why it can't run here; null when it can. */
  missing: string | null
  /** Plain HTTP: 503 are among the faults, and faults come by request. */
  http: boolean
  start(): Promise<RunningRig>
}

export interface RunningRig {
  address: Address
  /** Below an empty base, always the same; through that port of 127.0.0.1. */
  open(port: number, policy: Partial<TransferPolicy>): Promise<Connector>
  /** What stands on the server besides what `list` shows: half-written files, parts of uploads. */
  leftovers(): Promise<string[]>
  stop(): Promise<void>
}

const modules = import.meta.glob<{ rig: TransferRig }>('./*/rig.fixture.ts', { eager: true })
export const transferRigs = (): TransferRig[] => Object.values(modules).map((module) => module.rig)

export interface TransferResult {
  kind: string
  transfers: number
  faults: FaultProxy['told']
  /** Empty when nothing was lost, doubled, changed or left behind. */
  wrong: string[]
  seconds: number
}

/**
 * Enough for connections that are cut again and again: a copy that goes through this machine is several requests, of which a third fail, and
 * begins again with each. Quick, as what is tried is whether it comes right, not how long it waits.
 */
const POLICY: Partial<TransferPolicy> = {
  concurrency: 4,
  retry: { attempts: 40, baseMs: 2, maxMs: 50 },
  idleMs: 20_000,
}
const MAX_BYTES = 400_000

/** One connection carries many files of TCP, so every one is cut sooner or later; of HTTP, a quarter of the requests. Some are late or trickle. */
export function planOf(random: () => number, http: boolean): () => Fault & { status?: 503 } {
  return () => {
    const kind = random()
    if (http && kind < 0.1) return { status: 503 }
    const slow = kind < 0.3 ? { latencyMs: 5 + random() * 20 } : kind < 0.4 ? { slowDown: 2_000_000 } : {}
    if (http && kind < 0.75) return slow
    const way = random() < 0.5 ? 'up' : 'down'
    const after = Math.floor(http ? 200 + random() * MAX_BYTES : 4_000 + random() ** 2 * MAX_BYTES * 10)
    return { ...slow, cut: { way, after } }
  }
}

const contentOf = (i: number, random: () => number): Buffer => {
  const size = Math.floor(random() ** 2 * MAX_BYTES)
  const seed = createHash('sha256').update(String(i)).digest()
  return Buffer.alloc(size, seed)
}
const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

/**
 * Each transfer sends a file of its own (`ifAbsent`), moves it to where what is done stands, and brings it back, over connections that fail. Then
 * everything is counted from outside: each file once, whole, in its place, and nothing else.
 */
export async function manyTransfers(
  rig: TransferRig,
  { count, seed }: { count: number; seed: number },
): Promise<TransferResult> {
  const started = performance.now()
  const random = seeded(seed)
  const running = await rig.start()
  const plan = planOf(random, rig.http)
  const proxy = await (rig.http ? startHttpFaultProxy : startFaultProxy)(running.address, plan)
  const dir = mkdtempSync(join(tmpdir(), 'sage-transfers-'))
  const files = Array.from({ length: count }, (_, i) => {
    const content = contentOf(i, random)
    return { name: `f${String(i).padStart(4, '0')}.bin`, content, sha256: sha256Of(content) }
  })
  const wrong: string[] = []
  try {
    const connectors = await Promise.all([0, 1, 2, 3].map(() => running.open(proxy.port, POLICY)))
    await eachOf([...files.entries()], async ([i, { name, content, sha256 }]) => {
      const connector = connectors[i % connectors.length]
      if (!connector) return
      const [source, target] = [join(dir, `${name}.ida`), join(dir, `${name}.vuelta`)]
      writeFileSync(source, content)
      try {
        await connector.write(`entrada/${name}`, { file: source }, { ifAbsent: true })
        await connector.move(`entrada/${name}`, `procesado/${name}`, { ifAbsent: true })
        const taken = await download(connector, `procesado/${name}`, target)
        if (taken.sha256 !== sha256) wrong.push(`${name}: came back changed`)
      } catch (error) {
        wrong.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      }
      await Promise.all([rm(source, { force: true }), rm(target, { force: true })])
    })
    proxy.heal()
    for (const connector of connectors) await connector.close()
    wrong.push(...(await countedFromOutside(running, files)))
  } finally {
    await proxy.stop()
    await running.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  return { kind: rig.kind, transfers: count, faults: proxy.told, wrong, seconds }
}

async function countedFromOutside(
  running: RunningRig,
  files: { name: string; content: Buffer; sha256: string }[],
): Promise<string[]> {
  const wrong: string[] = []
  const outside = await running.open(running.address.port, {})
  const listed = async (folder: string) => (await pagesOf(outside, folder)).flat()
  wrong.push(...(await listed('entrada')).map((entry) => `${entry.path}: stayed behind`))
  const done = new Map((await listed('procesado')).map((entry) => [entry.path, entry.bytes]))
  for (const { name, content } of files) {
    const bytes = done.get(`procesado/${name}`)
    if (bytes === undefined) wrong.push(`${name}: lost`)
    else if (bytes !== content.length) wrong.push(`${name}: ${bytes} bytes of ${content.length}`)
  }
  if (done.size > files.length) wrong.push(`${done.size} files where ${files.length} were sent`)
  await outside.close()
  return [...wrong, ...(await running.leftovers()).map((path) => `${path}: left over`)]
}
