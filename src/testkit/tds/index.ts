import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { PACKET, packet, Reader, tokens } from './wire'

/** What a client sent: a batch, a statement with its values (sp_executesql), rows of a bulk load, or the turn of a transaction. */
export interface TdsMessage {
  kind: 'batch' | 'rpc' | 'bulk' | 'begin' | 'commit' | 'rollback' | 'attention'
  text: string
  params: (string | null)[]
  rows: (string | null)[][]
}

/** Rows of a result, how many rows were changed, an error of the server, or no answer until the client gives up. */
export type TdsAnswer = (string | null)[][] | number | { error: number; message: string } | 'silence' | 'cut'

/** A double of SQL Server: it speaks the protocol, records what it is told, and answers what the test says. It runs no SQL. */
export interface TdsDouble {
  port: number
  received: TdsMessage[]
  stop(): void
}

const TRANSACTIONS: Record<number, 'begin' | 'commit' | 'rollback'> = {
  5: 'begin',
  7: 'commit',
  8: 'rollback',
}

function messageOf(type: number, body: Buffer): TdsMessage {
  const reader = new Reader(body)
  const message: TdsMessage = { kind: 'batch', text: '', params: [], rows: [] }
  if (type === PACKET.attention) return { ...message, kind: 'attention' }
  if (type === PACKET.bulk) return { ...message, kind: 'bulk', rows: bulkRows(reader) }
  reader.headers()
  if (type === PACKET.batch) return { ...message, text: reader.rest() }
  if (type === PACKET.transaction) {
    const kind = TRANSACTIONS[reader.u16()]
    if (!kind) throw new Error('A request of the transaction manager that the double does not know')
    return { ...message, kind }
  }
  const [text = '', , ...params] = rpcValues(reader)
  return { ...message, kind: 'rpc', text: text ?? '', params }
}

/** The statement, the declaration of its parameters, and their values. */
function rpcValues(reader: Reader): (string | null)[] {
  if (reader.u16() !== 0xffff || reader.u16() !== 10)
    throw new Error('Only sp_executesql is known to the double')
  reader.skip(2)
  const values: (string | null)[] = []
  while (reader.more) {
    reader.skip(reader.u8() * 2)
    reader.skip(1)
    values.push(reader.type()())
  }
  return values
}

function bulkRows(reader: Reader): (string | null)[][] {
  if (reader.u8() !== 0x81) throw new Error('A bulk load without columns')
  const columns = Array.from({ length: reader.u16() }, () => {
    reader.skip(6)
    const read = reader.type()
    reader.skip(reader.u8() * 2)
    return read
  })
  const rows: (string | null)[][] = []
  while (reader.more && reader.u8() === 0xd1) rows.push(columns.map((read) => read()))
  return rows
}

function reply(message: TdsMessage, answer: (message: TdsMessage) => TdsAnswer): Buffer | 'cut' | null {
  if (message.kind === 'attention') return tokens.cancelled()
  if (message.kind === 'begin') return tokens.begun()
  if (message.kind === 'commit') return tokens.committed()
  if (message.kind === 'rollback') return tokens.rolledBack()
  if (message.kind === 'bulk') return tokens.done(message.rows.length)
  const said = answer(message)
  if (said === 'silence') return null
  if (said === 'cut') return 'cut'
  if (typeof said === 'number') return tokens.done(said)
  return Array.isArray(said) ? tokens.rows(said) : tokens.error(said.error, said.message)
}

/** Starts the double on a free port of 127.0.0.1; anybody may log in. */
export async function startTds(answer: (message: TdsMessage) => TdsAnswer): Promise<TdsDouble> {
  const received: TdsMessage[] = []
  const sockets = new Set<Socket>()
  const onMessage = (socket: Socket, type: number, body: Buffer): void => {
    const send = (bytes: Buffer): void => void socket.write(packet(PACKET.tabular, bytes))
    if (type === PACKET.prelogin) send(tokens.prelogin())
    else if (type === PACKET.login) send(tokens.loggedIn())
    else {
      const message = messageOf(type, body)
      received.push(message)
      const bytes = reply(message, answer)
      // The answer of what it stops ends first.
      if (message.kind === 'attention') send(tokens.done(0))
      if (bytes === 'cut') socket.destroy()
      else if (bytes) send(bytes)
    }
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    let pending = Buffer.alloc(0)
    let body = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= 8 && pending.length >= pending.readUInt16BE(2)) {
        const [type, last, length] = [pending.readUInt8(0), pending.readUInt8(1) & 1, pending.readUInt16BE(2)]
        body = Buffer.concat([body, pending.subarray(8, length)])
        pending = pending.subarray(length)
        if (!last) continue
        const whole = body
        body = Buffer.alloc(0)
        onMessage(socket, type, whole)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    received,
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
