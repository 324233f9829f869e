/** The parts of TDS 7.4 (MS-TDS) that the double of SQL Server reads and writes. All texts are UTF-16LE. */

export const PACKET = {
  batch: 1,
  rpc: 3,
  tabular: 4,
  attention: 6,
  bulk: 7,
  transaction: 14,
  login: 16,
  prelogin: 18,
} as const

const u8 = (value: number): Buffer => Buffer.from([value])
const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
const short = (text: string): Buffer => Buffer.concat([u8(text.length), utf16(text)])
const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34])

/** A message as one packet. */
export function packet(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt8(type, 0)
  header.writeUInt8(1, 1)
  header.writeUInt16BE(body.length + 8, 2)
  return Buffer.concat([header, body])
}

const sized = (token: number, body: Buffer): Buffer => Buffer.concat([u8(token), u16(body.length), body])
const change = (kind: number, now: Buffer, before: Buffer): Buffer =>
  sized(0xe3, Buffer.concat([u8(kind), u8(now.length), now, u8(before.length), before]))

const DESCRIPTOR = Buffer.from([1, 0, 0, 0, 0, 0, 0, 1])
const NONE = Buffer.alloc(0)

export const tokens = {
  /** No encryption; the rest as asked. */
  prelogin(): Buffer {
    const values: [number, Buffer][] = [
      [0, Buffer.from([16, 0, 0, 0, 0, 0])],
      [1, u8(2)],
      [2, u8(0)],
      [3, NONE],
      [4, u8(0)],
    ]
    let offset = values.length * 5 + 1
    const heads = values.map(([option, value]) => {
      const head = Buffer.alloc(5)
      head.writeUInt8(option, 0)
      head.writeUInt16BE(offset, 1)
      head.writeUInt16BE(value.length, 3)
      offset += value.length
      return head
    })
    return Buffer.concat([...heads, u8(0xff), ...values.map(([, value]) => value)])
  },
  loggedIn: (): Buffer =>
    Buffer.concat([
      change(7, COLLATION, NONE),
      sized(
        0xad,
        Buffer.concat([u8(1), Buffer.from([0x74, 0, 0, 4]), short('doble'), Buffer.from([16, 0, 0, 0])]),
      ),
      tokens.done(0),
    ]),
  begun: (): Buffer => Buffer.concat([change(8, DESCRIPTOR, NONE), tokens.done(0)]),
  committed: (): Buffer => Buffer.concat([change(9, NONE, DESCRIPTOR), tokens.done(0)]),
  rolledBack: (): Buffer => Buffer.concat([change(10, NONE, DESCRIPTOR), tokens.done(0)]),
  cancelled: (): Buffer => Buffer.concat([u8(0xfd), u16(0x20), u16(0), u64(0)]),
  /** 0x10: the count is told. */
  done: (rows: number): Buffer => Buffer.concat([u8(0xfd), u16(0x10), u16(0xc1), u64(rows)]),
  error(number: number, message: string): Buffer {
    const text = Buffer.concat([u16(message.length), utf16(message)])
    const body = Buffer.concat([u32(number), u8(1), u8(14), text, short('doble'), short(''), u32(1)])
    return Buffer.concat([sized(0xaa, body), u8(0xfd), u16(0x02), u16(0), u64(0)])
  },
  rows(rows: readonly (readonly (string | null)[])[]): Buffer {
    const width = rows[0]?.length ?? 1
    const columns = Array.from({ length: width }, (_, at) =>
      Buffer.concat([u32(0), u16(1), u8(0xe7), u16(8000), COLLATION, short(`c${at}`)]),
    )
    const cell = (value: string | null): Buffer =>
      value === null ? u16(0xffff) : Buffer.concat([u16(value.length * 2), utf16(value)])
    const cells = rows.map((row) => Buffer.concat([u8(0xd1), ...row.map(cell)]))
    return Buffer.concat([u8(0x81), u16(width), ...columns, ...cells, tokens.done(rows.length)])
  },
}

/** Reads a message from its beginning on. */
export class Reader {
  private at = 0
  constructor(private readonly bytes: Buffer) {}

  get more(): boolean {
    return this.at < this.bytes.length
  }
  skip(length: number): void {
    this.at += length
  }
  u8(): number {
    return this.bytes.readUInt8(this.at++)
  }
  u16(): number {
    this.at += 2
    return this.bytes.readUInt16LE(this.at - 2)
  }
  u32(): number {
    this.at += 4
    return this.bytes.readUInt32LE(this.at - 4)
  }
  take(length: number): Buffer {
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
  rest(): string {
    return this.take(this.bytes.length - this.at).toString('utf16le')
  }
  headers(): void {
    this.at += this.bytes.readUInt32LE(this.at)
  }

  /** The type of a value, as what reads one. Only those that the destination sends: NVARCHAR and 64-bit integers. */
  type(): () => string | null {
    const type = this.u8()
    if (type === 0xe7) {
      const length = this.u16()
      this.skip(5)
      return length === 0xffff ? () => this.long() : () => this.bounded()
    }
    if (type === 0x26) {
      this.skip(1)
      return () => {
        const length = this.u8()
        return length === 0 ? null : String(this.take(length).readBigInt64LE())
      }
    }
    throw new Error(`TDS type 0x${type.toString(16)} is not known to the double`)
  }

  private bounded(): string | null {
    const length = this.u16()
    return length === 0xffff ? null : this.take(length).toString('utf16le')
  }

  /** In chunks, of unknown length in all. */
  private long(): string | null {
    if (this.take(8).readBigUInt64LE() === 0xffff_ffff_ffff_ffffn) return null
    let text = ''
    for (let length = this.u32(); length > 0; length = this.u32())
      text += this.take(length).toString('utf16le')
    return text
  }
}
