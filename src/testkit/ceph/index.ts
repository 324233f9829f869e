import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { startCeph } from './start'

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
const PROGRAMS = ['radosgw', 'radosgw-admin', 'ceph', 'ceph-mon', 'ceph-osd', 'ceph-authtool', 'monmaptool']

/** Why Ceph's tests can't run here, in one line that says how to have them; null when they can. */
export const cephMissing: string | null = PROGRAMS.every((name) =>
  FOLDERS.some((folder) => existsSync(join(folder, name))),
)
  ? null
  : 'Sin Ceph: las pruebas de S3 y MinIO se omiten. En Debian o Ubuntu: sudo apt-get install radosgw ceph-mon ceph-osd ceph-common'

/** Says it once for each test file that is left out. */
export function haveCeph(): boolean {
  if (cephMissing !== null) process.stderr.write(`${cephMissing}\n`)
  return cephMissing === null
}

const cephSchema = z.object({
  host: z.string(),
  port: z.number(),
  accessKey: z.string(),
  secretKey: z.string(),
  /** Another user of the server, to whom nothing belongs. */
  strangerAccessKey: z.string(),
  strangerSecretKey: z.string(),
  /** A role that the first user may assume. */
  roleArn: z.string(),
})
export type Ceph = z.infer<typeof cephSchema>

const START_MS = 90_000
const POLL_MS = 100

/**
 * The Ceph of this test run: a monitor, a store in memory and an S3 gateway on 127.0.0.1, started by whichever file asks first (it takes some ten
 * seconds) and ended by its keeper when the run does, however that ends. Each test file uses buckets of its own.
 */
export async function sharedCeph(): Promise<Ceph> {
  const runner = runnerOf()
  const dir = join(tmpdir(), `sage-ceph-${runner.pid}-${runner.started}`)
  const [ready, failed] = [join(dir, 'ready.json'), join(dir, 'failed.txt')]
  if (isFirst(dir)) {
    keep(dir, runner.pid)
    try {
      const ceph = await startCeph(dir)
      // Renamed to its name: who waits for it never reads half of it.
      writeFileSync(`${ready}.new`, JSON.stringify(ceph))
      renameSync(`${ready}.new`, ready)
      return ceph
    } catch (error) {
      writeFileSync(failed, error instanceof Error ? (error.stack ?? error.message) : String(error))
      throw error
    }
  }
  for (const end = Date.now() + START_MS; Date.now() < end; await pause(POLL_MS)) {
    if (existsSync(ready)) return cephSchema.parse(JSON.parse(readFileSync(ready, 'utf8')))
    if (existsSync(failed)) throw new Error(readFileSync(failed, 'utf8'))
  }
  throw new Error(`Ceph did not start within ${START_MS / 1000} s`)
}

/** Vitest, of which each test file is a child; with when it started, because numbers of processes come again. */
function runnerOf(): { pid: number; started: string } {
  const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
  // Fields after the name, which may hold anything: the 20th of them.
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return { pid: process.ppid, started }
}

function isFirst(dir: string): boolean {
  try {
    mkdirSync(dir)
    return true
  } catch {
    return false
  }
}

/** A process of its own, that outlives this file and ends the servers after the run: also after one that was killed. */
function keep(dir: string, runner: number): void {
  const keeper = join(__dirname, 'keeper.cjs')
  spawn(process.execPath, [keeper, dir, String(runner)], { detached: true, stdio: 'ignore' }).unref()
}
