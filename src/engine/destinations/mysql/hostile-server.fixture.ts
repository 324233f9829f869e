import { createServer, type Server, type Socket } from 'node:net'

/** Just enough of MySQL's protocol (client/server, version 10) to log anybody in and then ask for a file of theirs. */
export interface HostileServer {
  listener: Server
  /** All that a client sent in answer to a request for a file. */
  received(): string
  stop(): void
}

const packet = (sequence: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(4)
  header.writeUIntLE(body.length, 0, 3)
  header.writeUInt8(sequence & 0xff, 3)
  return Buffer.concat([header, body])
}
const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])

const PROTOCOL_41 = 0x0200
const CONNECT_WITH_DB = 0x0008
const LOCAL_FILES = 0x0080
const SECURE_CONNECTION = 0x8000
const PLUGIN_AUTH = 0x0008_0000
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0])
const EOF = Buffer.from([0xfe, 0, 0, 2, 0])

function handshake(): Buffer {
  const flags = PROTOCOL_41 | CONNECT_WITH_DB | LOCAL_FILES | SECURE_CONNECTION | PLUGIN_AUTH
  const rest = Buffer.alloc(18)
  rest.writeUInt16LE(flags & 0xffff, 0)
  rest.writeUInt8(45, 2)
  rest.writeUInt16LE(2, 3)
  rest.writeUInt16LE(flags >>> 16, 5)
  rest.writeUInt8(21, 7)
  return Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.0\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('abcdefgh\0'),
    rest,
    Buffer.from('ijklmnopqrst\0mysql_native_password\0'),
  ])
}

const columnOf = (name: string): Buffer =>
  Buffer.concat([
    ...['def', '', '', '', name, ''].map(text),
    Buffer.from([0x0c, 45, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0]),
  ])

/** One row of texts. */
const table = (values: readonly string[]): Buffer =>
  Buffer.concat(
    [
      Buffer.from([values.length]),
      ...values.map((_, at) => columnOf(`c${at}`)),
      EOF,
      Buffer.concat(values.map(text)),
      EOF,
    ].map((body, at) => packet(at + 1, body)),
  )

/** Answers each statement that writes by asking for `path`. */
export function hostileServer(path: string): HostileServer {
  const sockets = new Set<Socket>()
  let received = ''
  const listener = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.write(packet(0, handshake()))
    let pending = Buffer.alloc(0)
    let asking = false
    let greeted = false
    const answer = (sequence: number, body: Buffer): void => {
      if (!greeted) {
        greeted = true
        socket.write(packet(sequence + 1, OK))
      } else if (asking) {
        received += body.toString()
        if (body.length > 0) return
        asking = false
        socket.write(packet(sequence + 1, OK))
      } else if (/LOAD DATA|DELETE/.test(body.toString())) {
        asking = true
        socket.write(packet(1, Buffer.concat([Buffer.from([0xfb]), Buffer.from(path)])))
      } else socket.write(body.includes('VERSION()') ? table(['8.0.0', '1']) : packet(1, OK))
    }
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= 4 && pending.length >= 4 + pending.readUIntLE(0, 3)) {
        const length = pending.readUIntLE(0, 3)
        const [sequence, body] = [pending.readUInt8(3), pending.subarray(4, 4 + length)]
        pending = pending.subarray(4 + length)
        answer(sequence, body)
      }
    })
  }).listen(0, '127.0.0.1')
  return {
    listener,
    received: () => received,
    stop() {
      for (const socket of sockets) socket.destroy()
      listener.close()
    },
  }
}
