import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(__dirname, '../../../..')
const CLI = join(ROOT, 'out/engine/cli.cjs')

interface Answer {
  code: number | null
  out: string
  err: string
}

/** Builds the `sage` command if it is stale. */
export async function buildCommand(): Promise<void> {
  const { code, err } = await start(join(ROOT, 'scripts/sage.mjs'), ['--help'], tmpdir(), '', {})
  if (code !== 0) throw new Error(err)
}

/** The built command in a folder of its own, with its own data, where no keychain answers: what a terminal without a desktop finds. */
export class Terminal {
  readonly dir: string
  /** Everything that was said by any command. */
  said = ''

  constructor(name: string) {
    this.dir = mkdtempSync(join(tmpdir(), `sage-cli-${name}-`))
  }

  async run(args: string[], input = '', more: NodeJS.ProcessEnv = {}): Promise<Answer> {
    const answer = await start(CLI, args, this.dir, input, more)
    this.said += answer.out + answer.err
    return answer
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

function start(
  script: string,
  args: string[],
  dir: string,
  input: string,
  more: NodeJS.ProcessEnv,
): Promise<Answer> {
  const env = {
    ...{ ...process.env, INIT_CWD: dir, SAGE_ROOT: ROOT, SAGE_DATA: join(dir, 'datos') },
    ...{ DBUS_SESSION_BUS_ADDRESS: 'disabled:', XDG_RUNTIME_DIR: dir, ...more },
  }
  return new Promise((done) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: dir, env })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => (out += String(chunk)))
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    child.on('close', (code) => done({ code, out, err }))
    child.stdin.end(input)
  })
}
