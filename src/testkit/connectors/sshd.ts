import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from './free-port'

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
const program = (name: string): string | undefined =>
  FOLDERS.map((folder) => join(folder, name)).find((file) => existsSync(file))

/** Why the tests of SFTP can't run here, in one line that says how to have them; null when they can. */
export const sshdMissing: string | null = ['sshd', 'ssh-keygen'].every(program)
  ? null
  : 'Sin sshd: las pruebas de SFTP se omiten. En Debian o Ubuntu: sudo apt-get install openssh-server'

export interface Sshd {
  host: string
  port: number
  user: string
  /** null where sshd can't judge one: it reads /etc/shadow, so only root's does. */
  password: string | null
  /** OpenSSH format, without a passphrase. */
  privateKey: string
  /** The same kind of key, encrypted. */
  encryptedKey: { privateKey: string; passphrase: string }
  /** As `ssh-keygen -lf` says it: `SHA256:…`. */
  fingerprint: string
  /** What the user sees as its own folder, as a path of this machine. */
  data: string
  /** A folder below it that the user may write. */
  folder(name: string): string
  stop(): Promise<void>
}

function run(command: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync(program(command) ?? command, args, { encoding: 'utf8', input })
  if (status !== 0) throw new Error(`${command} exited with ${status}: ${stdout}${stderr}`)
  return stdout
}

const keygen = (file: string, passphrase = '') =>
  run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'sage', '-f', file])

/** A user of the system that goes with the server, as only those have a password. */
function makeUser(): { name: string; uid: number; gid: number; password: string; remove(): void } {
  const name = `sage-sftp-${randomBytes(3).toString('hex')}`
  const password = randomBytes(9).toString('hex')
  run('useradd', ['-M', '-N', '-s', '/usr/sbin/nologin', '-d', '/nonexistent', name])
  run('chpasswd', [], `${name}:${password}\n`)
  const id = (option: string) => Number(run('id', [option, name]))
  return { name, uid: id('-u'), gid: id('-g'), password, remove: () => run('userdel', ['-f', name]) }
}

/** From 9.8 on the server punishes who fails to log in, whatever else comes from that address. */
function withoutPenalties(): string {
  const { stderr } = spawnSync(program('ssh') ?? 'ssh', ['-V'], { encoding: 'utf8' })
  const [, major, minor] = /OpenSSH_(\d+)\.(\d+)/.exec(stderr ?? '') ?? []
  const version = Number(major) * 100 + Number(minor)
  return version >= 908 ? 'PerSourcePenalties no\n' : ''
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (log.length < 20_000) log += text
  })
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1')
    const up = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (up) return
    await new Promise((done) => setTimeout(done, 20))
  }
  throw new Error(`sshd exited with ${child.exitCode}: ${log}`)
}

/** A real OpenSSH on a free port of 127.0.0.1: for SFTP only, with keys and a folder of its own. */
export async function startSshd(): Promise<Sshd> {
  const dir = mkdtempSync(join(tmpdir(), 'sage-sshd-'))
  chmodSync(dir, 0o755)
  const data = join(dir, 'data')
  mkdirSync(data)
  const passphrase = 'una frase con ñ'
  keygen(join(dir, 'host'))
  keygen(join(dir, 'user'))
  keygen(join(dir, 'encrypted'), passphrase)
  const text = (name: string) => readFileSync(join(dir, name), 'utf8')
  writeFileSync(join(dir, 'authorized'), text('user.pub') + text('encrypted.pub'))
  const root = process.getuid?.() === 0
  const user = root ? makeUser() : null
  const own = (path: string) => {
    if (user) chownSync(path, user.uid, user.gid)
  }
  own(data)
  if (root) mkdirSync('/run/sshd', { recursive: true })
  const port = await freePort()
  writeFileSync(
    join(dir, 'config'),
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${join(dir, 'host')}
PidFile none
UsePAM no
PasswordAuthentication ${root ? 'yes' : 'no'}
KbdInteractiveAuthentication no
AuthorizedKeysFile ${join(dir, 'authorized')}
StrictModes no
MaxStartups 200
MaxAuthTries 6
UseDNS no
Subsystem sftp internal-sftp -d ${data}
ForceCommand internal-sftp -d ${data}
${withoutPenalties()}`,
  )
  const child = spawn(program('sshd') ?? 'sshd', ['-D', '-e', '-f', join(dir, 'config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'close')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
    user?.remove()
    rmSync(dir, { recursive: true, force: true })
  }
  await listening(child, port).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return {
    host: '127.0.0.1',
    port,
    user: user?.name ?? userInfo().username,
    password: user?.password ?? null,
    privateKey: text('user'),
    encryptedKey: { privateKey: text('encrypted'), passphrase },
    fingerprint: run('ssh-keygen', ['-lf', join(dir, 'host.pub')]).split(' ')[1] ?? '',
    data,
    folder(name) {
      const path = join(data, name)
      mkdirSync(path, { recursive: true })
      own(path)
      return path
    },
    stop,
  }
}
