import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { AppError } from '@shared/errors/app-error'
import type { Connector, Entry, TestStep } from '../types'

/** A provider under the contract: a real server, started before and stopped after by whoever calls. */
export interface ContractServer {
  /** As `openConnector` gives it, below a base (a prefix, a folder) that is empty the first time; two calls with one name share it. */
  open(base: string): Promise<Connector>
  /** With a credential that the server refuses; null where there is none, as in a folder. */
  openRefused: (() => Promise<Connector>) | null
  /** Pointing where nothing is: a port without a server, a folder that is missing. One try is enough. */
  openNowhere(): Promise<Connector>
  /** The step of `test` that finds it. */
  nowhereFailsAt: TestStep['step']
  /** Makes the base, where one must exist beforehand. */
  prepare?(base: string): Promise<void>
  /** Files of the paged listing; more than one page. 1,010 unless told. */
  many?: number
  /** Entries of a page there: fewer than the provider gives, where each file takes long to make. */
  pageOf?: number
}

export interface Suite {
  connector(): Connector
  /** Another connection to the same base: another machine, as far as the server knows. */
  again(): Promise<Connector>
  server(): ContractServer
  /** A folder of this machine for the suite's files. */
  dir(): string
}

export const bytesOf = (content: string | Buffer) => ({
  stream: Readable.from([Buffer.from(content)]),
  bytes: Buffer.byteLength(content),
})

export const contentOf = async (connector: Connector, path: string): Promise<string> =>
  text((await connector.read(path)).stream)

export async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (cause: unknown) => cause,
  )
  if (error instanceof AppError) return error
  throw error
}

export async function pagesOf(connector: Connector, folder: string, limit?: number): Promise<Entry[][]> {
  const pages: Entry[][] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Connector['list']>> = await connector.list(folder, { cursor, limit })
    pages.push(page.entries)
    cursor = page.cursor
  } while (cursor !== null)
  return pages
}

export const pathsIn = async (connector: Connector, folder: string): Promise<string[]> =>
  (await pagesOf(connector, folder))
    .flat()
    .map((entry) => entry.path)
    .sort()

/** Sixteen at once, so that thousands of files take seconds; the connector keeps its own limit. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = items.values()
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const item of left) await work(item)
    }),
  )
}
