import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { type ConnectConfig, type ServerHostKeyAlgorithm, type SFTPWrapper, utils } from 'ssh2'
import SftpClient from 'ssh2-sftp-client'
import { abortable } from '../shared/abort'
import { cut } from '../shared/errors'
import { openSocket } from '../shared/tcp'
import type { Secrets } from '../spec'
import type { ConnectorContext } from '../types'
import { badKey, fromLogin, hostKeyChanged, hostKeyUnknown, missingSecret } from './errors'
import type { SftpConfig } from './index'

/** Unanswered signs of life after which a connection is dead. */
const KEEP_ALIVE_MISSES = 3
/** An abandoned question on a connection that has said nothing for so long: the connection is dead too. */
const SILENT_MS = 1_000

const HOST_KEY_ALGORITHMS: ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** `ssh-ed25519 SHA256:…` of a public key as it goes on the wire: its type is its first string. */
export function describeHostKey(key: Buffer): string {
  const type = key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')
  return `${type} SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

const fingerprintOf = (hostKey: string): string => hostKey.slice(hostKey.lastIndexOf(' ') + 1)

/** The server is asked for the key that was pinned, not for one of another type that it has as well. */
function preferredAlgorithms(pinned: string | undefined): ServerHostKeyAlgorithm[] {
  const type = pinned?.includes(' ') ? pinned.split(' ')[0] : undefined
  const wanted = (algorithm: string) =>
    algorithm === type || (type === 'ssh-rsa' && algorithm.startsWith('rsa-'))
  return HOST_KEY_ALGORITHMS.toSorted((a, b) => Number(wanted(b)) - Number(wanted(a)))
}

export interface Opened {
  sftp: SFTPWrapper
  /** Aborted once the connection is gone: the client then answers nothing, not even with an error, to what it is asked. */
  lost: AbortSignal
  /** Last time that anything came from the server, by `performance.now()`. */
  heardAt(): number
  /** At once, without goodbye. */
  drop(): void
  end(): Promise<void>
}

interface Attempt {
  /** The server answered, and showed the key that it should. */
  greeted: Promise<void>
  opened: Promise<Opened>
}

/** The connection of one connector: made when it is needed, made again after it was lost. */
export class SftpSession {
  private current: Promise<Opened> | null = null
  private closed = false

  constructor(
    private readonly config: SftpConfig,
    private readonly secrets: Secrets,
    private readonly context: ConnectorContext,
    private readonly place: string,
  ) {}

  /** Shared by all operations: a second caller waits for the same connection. */
  async get(signal?: AbortSignal): Promise<Opened> {
    if (this.closed) throw cut(this.place)
    if (this.current === null) {
      const opening = this.attempt(() => this.forget(opening)).opened
      this.current = opening
      opening.catch(() => this.forget(opening))
    }
    return abortable(this.current, signal)
  }

  private forget(opening: Promise<Opened>): void {
    if (this.current === opening) this.current = null
  }

  /** Someone gave up waiting on this connection: it goes too when it is silent, so that the next try does not wait on it again. */
  suspect(opened: Opened): void {
    if (performance.now() - opened.heardAt() > SILENT_MS) opened.drop()
  }

  async close(): Promise<void> {
    this.closed = true
    const opened = await this.current?.catch(() => null)
    this.current = null
    await opened?.end()
  }

  /** A connection of its own, in the two halves that the test of a provider tells apart. */
  attempt(onLost: () => void = () => undefined): Attempt {
    let onGreeted: () => void = () => undefined
    const greeted = new Promise<void>((resolve) => {
      onGreeted = resolve
    })
    const opened = this.open(onGreeted, onLost)
    // Whoever waits for the greeting is told of a failure that came before it.
    const greetedOrFailed = Promise.race([greeted, opened.then(() => undefined)])
    // Both are of use to some callers only.
    opened.catch(() => undefined)
    greetedOrFailed.catch(() => undefined)
    return { greeted: greetedOrFailed, opened }
  }

  private async open(onGreeted: () => void, onLost: () => void): Promise<Opened> {
    const login = this.login()
    const { host, port, auth, user } = this.config
    const socket = await openSocket({ host, port }, this.context)
    const lost = new AbortController()
    const onGone = () => {
      lost.abort()
      onLost()
    }
    let heard = performance.now()
    socket.on('data', () => {
      heard = performance.now()
    })
    let raw: unknown
    let refused: Error | null = null
    const client = new SftpClient('sage', {
      error: (error) => {
        raw ??= error
      },
      end: () => undefined,
      close: onGone,
    })
    client.on('error', (error: unknown) => {
      raw ??= error
    })
    socket.once('close', onGone)
    try {
      const sftp = await client.connect({
        ...login,
        ...this.liveness(),
        sock: socket,
        algorithms: { serverHostKey: preferredAlgorithms(this.config.hostKey) },
        hostVerifier: (key: Buffer) => {
          refused = this.judgeHostKey(key)
          if (refused === null) onGreeted()
          return refused === null
        },
      })
      // Said by the close as well; without a listener it would end the process.
      sftp.on('error', () => undefined)
      return {
        sftp,
        lost: lost.signal,
        heardAt: () => heard,
        drop: () => socket.destroy(),
        end: () => farewell(client, socket),
      }
    } catch (error) {
      socket.destroy()
      throw refused ?? fromLogin(raw ?? error, this.place, auth, user)
    }
  }

  private liveness(): Pick<ConnectConfig, 'readyTimeout' | 'keepaliveInterval' | 'keepaliveCountMax'> {
    return {
      readyTimeout: this.context.timeoutMs ?? 15_000,
      keepaliveInterval: this.config.keepAliveSeconds * 1000,
      keepaliveCountMax: KEEP_ALIVE_MISSES,
    }
  }

  private judgeHostKey(key: Buffer): Error | null {
    const shown = describeHostKey(key)
    const { hostKey } = this.config
    if (hostKey === undefined) return hostKeyUnknown(this.place, shown)
    if (fingerprintOf(hostKey) !== fingerprintOf(shown)) return hostKeyChanged(this.place, hostKey, shown)
    return null
  }

  /** @throws AppError PROVIDER_SECRET_MISSING, SFTP_KEY_INVALID */
  private login(): ConnectConfig {
    const { user: username, auth } = this.config
    const { password, privateKey, passphrase } = this.secrets
    if (auth === 'password') {
      if (!password) throw missingSecret('la contraseña')
      return { username, password }
    }
    if (!privateKey) throw missingSecret('la clave privada')
    const parsed = utils.parseKey(privateKey, passphrase)
    if (parsed instanceof Error) throw badKey(whyNotParsed(parsed, passphrase))
    return { username, privateKey, passphrase }
  }
}

function whyNotParsed(error: Error, passphrase: string | undefined): string {
  if (!/encrypted|passphrase|integrity|decrypt|bad/i.test(error.message))
    return 'no es una clave que se conozca'
  return passphrase ? 'la frase no es la suya' : 'está cifrada y falta su frase'
}

async function farewell(client: SftpClient, socket: Socket): Promise<void> {
  if (socket.destroyed) return
  await client.end().catch(() => undefined)
  socket.destroy()
}
