import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Certificates {
  /** PEM of the authority. */
  ca: string
  /** Files of the certificate of `localhost` that it signed. */
  cert: string
  key: string
}

/** An authority of its own and a certificate of `localhost`, made by openssl in `dir`. */
export async function makeCertificates(dir: string): Promise<Certificates> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: dir })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Pruebas',
  )
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
  await writeFile(join(dir, 'san'), 'subjectAltName=DNS:localhost\n')
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san']
  await openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.pem')
  const ca = await readFile(join(dir, 'ca.pem'), 'utf8')
  return { ca, cert: join(dir, 'server.pem'), key: join(dir, 'server.key') }
}
