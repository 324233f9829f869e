import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Connection, createConnection } from 'mysql2/promise'

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
const program = (name: string): string | undefined =>
  FOLDERS.map((folder) => join(folder, name)).find((file) => existsSync(file))

/** Why MariaDB's tests can't run here, in one line that says how to have them; null when they can. */
export const mariaDbMissing: string | null = ['mariadbd', 'mariadb-install-db'].every(program)
  ? null
  : 'Sin MariaDB: sus pruebas se omiten. En Debian o Ubuntu: sudo apt-get install mariadb-server-core mariadb-client-core'

export interface MariaDbOptions {
  /** Accepts LOAD DATA LOCAL INFILE; true. */
  localInfile?: boolean
  /** Serves TLS with a certificate for this name, by an authority of its own. */
  tls?: string
}

export interface MariaDb {
  host: string
  port: number
  user: string
  password: string
  /** PEM of the authority that signed its certificate; null without TLS. */
  ca: string | null
  /** A new empty database. */
  createDatabase(): Promise<string>
  /** A connection of the administrator, to look at the server from outside. */
  connect(database?: string): Promise<Connection>
  /** Dies at once, as in a power cut. */
  kill(): Promise<void>
  stop(): Promise<void>
}

const asRoot = process.getuid?.() === 0 ? ['--user=root'] : []
/** Nothing here has to survive a power cut. */
const FAST = [
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=0',
  '--innodb-log-file-size=64M',
  '--innodb-buffer-pool-size=128M',
]

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

function run(command: string, args: readonly string[], cwd?: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd })
  if (status !== 0) throw new Error(`${command} exited with ${status}: ${stdout}${stderr}`)
}

/** An authority and a certificate for a name, made by openssl in `dir`. */
async function makeCertificates(dir: string, name: string): Promise<string> {
  const openssl = (...args: string[]) => run('openssl', args, dir)
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Pruebas')
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', `/CN=${name}`)
  await writeFile(join(dir, 'san'), `subjectAltName=DNS:${name}\n`)
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san']
  openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.pem')
  return readFile(join(dir, 'ca.pem'), 'utf8')
}

/** A run of tests that is killed leaves no server behind, where the system can see to it. */
function withItsParent(command: string): string[] {
  const setpriv = process.platform === 'linux' ? program('setpriv') : undefined
  return setpriv ? [setpriv, '--pdeathsig', 'KILL', command] : [command]
}

/** Resolves when the server says that it takes connections; rejects with its log when it ends first. */
async function listening(child: ChildProcess): Promise<void> {
  let log = ''
  await new Promise<void>((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code) => fail(new Error(`mariadbd exited with ${code}: ${log}`)))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (log.length < 100_000) log += text
      if (log.includes('ready for connections')) done()
    })
  })
}

/** A real MariaDB of its own on a free port of 127.0.0.1, with a data folder that goes with it. */
export async function startMariaDb(options: MariaDbOptions = {}): Promise<MariaDb> {
  const dir = await mkdtemp(join(tmpdir(), 'sage-mariadb-'))
  const data = join(dir, 'data')
  const password = randomBytes(12).toString('hex')
  const user = 'sage'
  const install = ['--auth-root-authentication-method=normal', '--skip-test-db', `--datadir=${data}`]
  run(program('mariadb-install-db') ?? 'mariadb-install-db', [
    '--no-defaults',
    ...install,
    ...FAST,
    ...asRoot,
  ])
  const init = join(dir, 'init.sql')
  await writeFile(init, `CREATE USER ${user} IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO ${user};\n`)
  const ca = options.tls ? await makeCertificates(dir, options.tls) : null
  const tls = ca ? [`--ssl-cert=${join(dir, 'server.pem')}`, `--ssl-key=${join(dir, 'server.key')}`] : []
  const port = await freePort()
  const [command = 'mariadbd', ...before] = withItsParent(program('mariadbd') ?? 'mariadbd')
  const child = spawn(
    command,
    [
      ...before,
      '--no-defaults',
      ...[`--datadir=${data}`, `--socket=${join(dir, 's')}`, `--pid-file=${join(dir, 'pid')}`],
      ...['--bind-address=127.0.0.1', `--port=${port}`, `--init-file=${init}`, ...FAST, ...tls, ...asRoot],
      ...['--innodb-flush-log-at-trx-commit=0', '--skip-log-bin', '--skip-name-resolve'],
      `--local-infile=${options.localInfile === false ? 0 : 1}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const exited = new Promise<void>((done) => child.once('close', () => done()))
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await exited
    await rm(dir, { recursive: true, force: true })
  }
  await listening(child).catch(async (error: unknown) => {
    await end('SIGKILL')
    throw error
  })
  const connect = (database?: string): Promise<Connection> =>
    createConnection({ host: '127.0.0.1', port, user, password, database, supportBigNumbers: true })
  let made = 0
  return {
    host: ca ? 'localhost' : '127.0.0.1',
    ...{ port, user, password, ca, connect },
    async createDatabase() {
      made += 1
      const name = `prueba_${made}`
      const admin = await connect()
      await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
      await admin.end()
      return name
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}
