import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { createServer as createTls, type TlsOptions } from 'node:tls'
import type { Certificates } from './certificates'

export { type Certificates, makeCertificates } from './certificates'

export interface Target {
  host: string
  port: number
}

export interface Front extends Target {
  stop(): Promise<void>
}

async function listening(server: Server, host: string): Promise<Front> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    host,
    port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Both ways, until either ends. */
function join(a: Socket, b: Socket, onWay?: Transform): void {
  a.on('error', () => b.destroy())
  b.on('error', () => a.destroy())
  a.on('close', () => b.destroy())
  b.on('close', () => a.destroy())
  if (onWay) a.pipe(onWay).pipe(b)
  else a.pipe(b)
  b.pipe(a)
}

/** TLS before a server that has none, on `localhost`. */
export async function tlsFront(
  target: Target,
  certificates: Certificates,
  options: TlsOptions = {},
): Promise<Front> {
  const [cert, key] = [await readFile(certificates.cert), await readFile(certificates.key)]
  const server = createTls({ cert, key, ...options }, (socket) => join(socket, connect(target)))
  server.on('tlsClientError', () => undefined)
  return listening(server, 'localhost')
}

export interface Proxy extends Front {
  url: string
  /** What was asked for: `CONNECT host:port`, or `GET http://…`. */
  asked: string[]
}

/** A proxy for HTTP that asks for `usuario` and `secreto`. */
export async function forwardProxy(): Promise<Proxy> {
  const asked: string[] = []
  const basic = `Basic ${Buffer.from('usuario:secreto').toString('base64')}`
  const server = createHttp((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (request.headers['proxy-authorization'] !== basic) return void response.writeHead(407).end()
    const url = new URL(request.url ?? '')
    const onward = connect({ host: url.hostname, port: Number(url.port) })
    const lines = request.rawHeaders.flatMap((name, i) =>
      i % 2 === 0 && !/^proxy-/i.test(name) ? [`${name}: ${request.rawHeaders[i + 1]}`] : [],
    )
    onward.write(
      `${[`${request.method} ${url.pathname}${url.search} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`,
    )
    request.pipe(onward, { end: false })
    onward.pipe(request.socket)
    onward.on('error', () => request.socket.destroy())
  })
  server.on('connect', (request, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    if (request.headers['proxy-authorization'] !== basic) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const [host, port] = (request.url ?? '').split(':')
    const onward = connect({ host, port: Number(port) }, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      join(socket, onward)
    })
    onward.on('error', () => socket.destroy())
  })
  const front = await listening(server, '127.0.0.1')
  return { ...front, asked, url: `http://usuario:secreto@${front.host}:${front.port}` }
}

export interface Tampering extends Front {
  /** How often it changed a byte on the way to the server. */
  tampered(): number
}

/** Between client and server: changes one byte of the first connection that carries `marker`, and of no other. */
export async function tamperingRelay(target: Target, marker: string): Promise<Tampering> {
  let tampered = 0
  const server = createServer((socket) => {
    const change = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const at = tampered === 0 ? chunk.indexOf(marker) : -1
        if (at !== -1) {
          tampered++
          chunk[at] = (chunk[at] ?? 0) ^ 1
        }
        done(null, chunk)
      },
    })
    join(socket, connect(target), change)
  })
  return { ...(await listening(server, '127.0.0.1')), tampered: () => tampered }
}
