import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Verdict, verdictSchema } from '@shared/model/execution'
import { dice } from '../generator'
import { comparable } from './comparable'

export interface KillOptions {
  node: string
  /** The built terminal command. */
  cli: string
  file: string
  yaml: string
  root: string
  kills: number
  seed: number
  onRound?(done: number): void
}

export interface KillResult {
  rounds: number
  /** Killed before the command ended by itself. */
  caught: number
  /** Of those, how many left a folder marked as unfinished. */
  marked: number
  late: number
}

const MARK = '.en-curso'

/**
 * `kill -9` on the terminal command at random instants of its run, again and again over the same folder; then it is left to end. After
 * each kill what lies in the folder must be told from a result; in the end it must be the result, and the same as without any kill.
 */
export async function killRounds(options: KillOptions): Promise<KillResult> {
  const { root, kills, seed } = options
  const roll = dice(seed)
  const started = performance.now()
  const expected = comparable(await runToEnd(options, join(root, 'entera')))
  const whole = performance.now() - started
  const result: KillResult = { rounds: 0, caught: 0, marked: 0, late: 0 }
  const dir = join(root, 'matada')
  while (result.rounds < kills) {
    rmSync(dir, { recursive: true, force: true })
    // One to four kills over the same folder before it may end.
    for (let n = 1 + roll.int(4); n > 0 && result.rounds < kills; n--) {
      // Up to a little past the end: the last steps must be hit too.
      const caught = await killAt(start(options, dir), (roll.int(1050) / 1000) * whole)
      result.rounds++
      if (caught) result.caught++
      else result.late++
      if (caught && existsSync(join(dir, MARK))) result.marked++
      checkKilled(dir, expected)
      options.onRound?.(result.rounds)
    }
    const last = comparable(await runToEnd(options, dir))
    if (last !== expected) throw new Error(`after kills, another verdict:\n${last}\nexpected\n${expected}`)
  }
  rmSync(dir, { recursive: true, force: true })
  rmSync(join(root, 'entera'), { recursive: true, force: true })
  return result
}

const start = ({ node, cli, file, yaml }: KillOptions, dir: string): ChildProcess =>
  spawn(
    node,
    [
      '--no-warnings',
      cli,
      'process',
      file,
      '--yaml',
      yaml,
      '--out',
      dir,
      '--json',
      '--aceptados',
      '--politica',
      'solo_validos',
    ],
    { stdio: 'ignore' },
  )

/** Kills it after some milliseconds; false when it had already ended. */
async function killAt(child: ChildProcess, ms: number): Promise<boolean> {
  const timer = setTimeout(() => child.kill('SIGKILL'), ms)
  await once(child, 'exit')
  clearTimeout(timer)
  return child.signalCode === 'SIGKILL'
}

async function runToEnd(options: KillOptions, dir: string): Promise<Verdict> {
  const child = start(options, dir)
  await once(child, 'exit')
  if (child.exitCode !== 0 && child.exitCode !== 1) {
    throw new Error(`the command ended with ${child.exitCode ?? child.signalCode}`)
  }
  const left = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /^(tmp|cache|\.en-curso)/.test(name) || name.endsWith('.parte'),
  )
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`)
  return readWhole(dir)
}

const readWhole = (dir: string): Verdict =>
  verdictSchema.parse(JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')))

/** Without the mark the folder is either a whole result or has none of one. */
function checkKilled(dir: string, expected: string): void {
  if (!existsSync(dir) || existsSync(join(dir, MARK))) return
  const names = readdirSync(dir)
  if (!names.includes('verdict.json')) {
    const results = names.filter((name) => name !== 'input' && name !== 'input.yaml')
    if (results.length > 0) throw new Error(`unmarked and without verdict, but with ${results.join(', ')}`)
    return
  }
  if (comparable(readWhole(dir)) !== expected) throw new Error('unmarked, with another verdict')
  if (names.includes('tmp')) throw new Error('unmarked, with working files')
}
