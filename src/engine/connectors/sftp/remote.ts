import type { SFTPWrapper, Stats } from 'ssh2'
import { CONNECTION_LOST } from './errors'
import type { Opened } from './session'

type Done<T> = (error: Error | undefined | null, value: T) => void
type Wire = Pick<Opened, 'sftp' | 'lost'>

/**
 * One question of the protocol as a promise. What the client throws at once (an extension that the server lacks) rejects too, and so does a
 * connection that is gone.
 */
function asked<T>({ sftp, lost }: Wire, ask: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const onLost = () => reject(new Error(CONNECTION_LOST))
    if (lost.aborted) return onLost()
    lost.addEventListener('abort', onLost, { once: true })
    ask(sftp, (error, value) => {
      lost.removeEventListener('abort', onLost)
      if (error) reject(error)
      else resolve(value)
    })
  })
}
const told = (wire: Wire, ask: (sftp: SFTPWrapper, done: (error?: Error | null) => void) => void) =>
  asked<void>(wire, (sftp, done) => ask(sftp, (error) => done(error, undefined)))

export interface Listed {
  name: string
  attrs: Stats
}

/** The protocol, a question at a time. Errors are the client's own: `errors.ts` judges them. */
export const remote = {
  realpath: (wire: Wire, path: string) => asked<string>(wire, (sftp, done) => sftp.realpath(path, done)),
  stat: (wire: Wire, path: string) => asked<Stats>(wire, (sftp, done) => sftp.stat(path, done)),
  fstat: (wire: Wire, handle: Buffer) => asked<Stats>(wire, (sftp, done) => sftp.fstat(handle, done)),
  open: (wire: Wire, path: string, mode: 'r' | 'wx') =>
    asked<Buffer>(wire, (sftp, done) => sftp.open(path, mode, done)),
  close: (wire: Wire, handle: Buffer) => told(wire, (sftp, done) => sftp.close(handle, done)),
  mkdir: (wire: Wire, path: string) => told(wire, (sftp, done) => sftp.mkdir(path, done)),
  rmdir: (wire: Wire, path: string) => told(wire, (sftp, done) => sftp.rmdir(path, done)),
  unlink: (wire: Wire, path: string) => told(wire, (sftp, done) => sftp.unlink(path, done)),
  /** Refused when something stands at the target. */
  rename: (wire: Wire, from: string, to: string) => told(wire, (sftp, done) => sftp.rename(from, to, done)),
  /** Replaces what stands at the target, in one step; an extension of OpenSSH. */
  posixRename: (wire: Wire, from: string, to: string) =>
    told(wire, (sftp, done) => sftp.ext_openssh_rename(from, to, done)),
  /** To the server's disk; an extension of OpenSSH. */
  fsync: (wire: Wire, handle: Buffer) => told(wire, (sftp, done) => sftp.ext_openssh_fsync(handle, done)),
  readdir: async (wire: Wire, path: string): Promise<Listed[]> => {
    const found = await asked<{ filename: string; attrs: Stats }[]>(wire, (sftp, done) =>
      sftp.readdir(path, done),
    )
    return found.map(({ filename, attrs }) => ({ name: filename, attrs }))
  },
}
