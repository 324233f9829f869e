import { once } from 'node:events'
import { createServer as createHttp, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer, connect as dial, type Server, type Socket } from 'node:net'

export interface Address {
  host: string
  port: number
}

/** What goes wrong with one connection. */
export interface Fault {
  /** Each piece arrives so much later, both ways. */
  latencyMs?: number
  /** The connection is reset once so many bytes went that way. */
  cut?: { after: number; way: 'up' | 'down' }
  /** What the server says trickles: bytes per second. */
  slowDown?: number
  /** After so many bytes of the server nothing comes any more, and nobody says so. */
  stallAfter?: number
}

/** What goes wrong with one request of HTTP. */
export interface HttpFault extends Omit<Fault, 'cut' | 'stallAfter'> {
  /** Answered by the proxy, not by the server. */
  status?: 503
  /** The answer is cut after so many bytes of its body; or the request, on its way to the server, of its. */
  cut?: Fault['cut']
}

export interface FaultProxy {
  port: number
  /** What went wrong so far. */
  told: { connections: number; cuts: number; refused: number }
  /** From now on nothing goes wrong with new connections. */
  heal(): void
  stop(): Promise<void>
}

interface Relay {
  from: Socket
  to: Socket
  way: 'up' | 'down'
  fault: Fault
  onCut(): void
}

/** One way of a connection, with its faults. */
function relay({ from, to, way, fault, onCut }: Relay): void {
  let passed = 0
  const cutAt = fault.cut?.way === way ? fault.cut.after : Number.POSITIVE_INFINITY
  const deliver = (chunk: Buffer, last: boolean) => {
    if (to.destroyed) return
    const go = to.write(chunk, () => last && onCut())
    if (!go) {
      from.pause()
      to.once('drain', () => from.resume())
    }
  }
  // Equal waits end in the order in which they began: pieces keep theirs.
  const later = (work: () => void) => (fault.latencyMs ? setTimeout(work, fault.latencyMs) : work())
  from.on('data', (chunk: Buffer) => {
    const piece = chunk.subarray(0, Math.max(0, cutAt - passed))
    passed += piece.length
    if (way === 'down' && passed > (fault.stallAfter ?? Number.POSITIVE_INFINITY)) return
    const last = passed >= cutAt
    if (last) from.pause()
    if (way === 'down' && fault.slowDown !== undefined && !last) {
      from.pause()
      setTimeout(() => from.resume(), (piece.length / fault.slowDown) * 1000)
    }
    later(() => deliver(piece, last))
  })
  from.on('end', () => later(() => to.end()))
}

/**
 * A proxy of TCP between a connector and its server; `plan` says what goes wrong with each connection, the first being 0. It knows nothing of
 * what goes through it, so that it serves any protocol.
 */
export async function startFaultProxy(
  target: Address,
  plan: (connection: number) => Fault,
): Promise<FaultProxy> {
  const told = { connections: 0, cuts: 0, refused: 0 }
  const open = new Set<Socket>()
  let healed = false
  const server = createServer((client) => {
    const fault = healed ? {} : plan(told.connections)
    told.connections++
    const upstream = dial(target)
    const both = [client, upstream]
    const drop = () => {
      for (const socket of both) socket.destroy()
    }
    const onCut = () => {
      told.cuts++
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
    for (const socket of both) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', drop)
      socket.on('close', () => {
        open.delete(socket)
        drop()
      })
    }
    relay({ from: client, to: upstream, way: 'up', fault, onCut })
    relay({ from: upstream, to: client, way: 'down', fault, onCut })
  })
  return running(
    server,
    told,
    () => {
      healed = true
    },
    open,
  )
}

async function running(
  server: Server,
  told: FaultProxy['told'],
  heal: () => void,
  open: Set<Socket>,
): Promise<FaultProxy> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    port: address.port,
    told,
    heal,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

/**
 * As `startFaultProxy`, for a server of plain HTTP, request by request: what goes wrong can be an answer (503 with Retry-After) and connections
 * that are kept alive get their share. The Host header passes as it came: signatures cover it.
 */
export async function startHttpFaultProxy(
  target: Address,
  plan: (requestNumber: number, method: string) => HttpFault,
): Promise<FaultProxy> {
  const told = { connections: 0, cuts: 0, refused: 0 }
  const open = new Set<Socket>()
  let healed = false
  const server = createHttp((incoming, outgoing) => {
    const fault = healed ? {} : plan(told.connections, incoming.method ?? '')
    told.connections++
    if (fault.status !== undefined) {
      told.refused++
      refuse(incoming, outgoing, fault.status)
    } else if (fault.latencyMs)
      setTimeout(() => forward(incoming, outgoing, target, fault, told), fault.latencyMs)
    else forward(incoming, outgoing, target, fault, told)
  })
  server.keepAliveTimeout = 30_000
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  return running(
    server,
    told,
    () => {
      healed = true
    },
    open,
  )
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, status: number): void {
  incoming.resume()
  incoming.once('end', () => outgoing.writeHead(status, { 'retry-after': '0', 'content-length': '0' }).end())
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: Address,
  fault: HttpFault,
  told: FaultProxy['told'],
): void {
  let done = false
  const cut = () => {
    if (done) return
    done = true
    told.cuts++
    upstream.destroy()
    incoming.socket.resetAndDestroy()
  }
  const upstream = request(
    { ...target, method: incoming.method, path: incoming.url, headers: incoming.headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      pass(answer, outgoing, fault, fault.cut?.way === 'down' ? fault.cut.after : null, cut)
      answer.once('end', () => {
        done = true
      })
    },
  )
  upstream.on('error', () => incoming.socket.destroy())
  incoming.on('error', () => upstream.destroy())
  outgoing.on('close', () => upstream.destroy())
  pass(incoming, upstream, {}, fault.cut?.way === 'up' ? fault.cut.after : null, cut)
}

/** A body, to its end or to where it is cut; a body that is shorter is cut at its end. */
function pass(
  from: IncomingMessage,
  to: NodeJS.WritableStream,
  fault: HttpFault,
  cutAt: number | null,
  cut: () => void,
): void {
  let passed = 0
  from.on('data', (chunk: Buffer) => {
    const piece = cutAt === null ? chunk : chunk.subarray(0, Math.max(0, cutAt - passed))
    passed += piece.length
    const go = to.write(piece)
    if (cutAt !== null && passed >= cutAt) cut()
    else if (!go) {
      from.pause()
      to.once('drain', () => from.resume())
    } else if (fault.slowDown !== undefined) {
      from.pause()
      setTimeout(() => from.resume(), (piece.length / fault.slowDown) * 1000)
    }
  })
  from.on('end', () => (cutAt === null ? to.end() : cut()))
}
