import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { rememberSecret } from '@engine/security/redact'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'

/** What is read as secret comes by standard input: an argument stays in the shell's history and in the list of processes. */
const MAX_BYTES = 1024 * 1024

const refused = (message: string, hint: string): AppError =>
  new AppError('STDIN_INVALID', { kind: 'input', message, hint })

/** Whether a person types. */
export const interactive = (): boolean => process.stdin.isTTY === true

/** Asks for one line; what is typed is not shown. @throws AppError CANCELLED */
export async function askHidden(prompt: string): Promise<string> {
  process.stderr.write(`${prompt}: `)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await new Promise((done, reject) => {
      lines.once('line', done)
      lines.once('close', () =>
        reject(new AppError('CANCELLED', { kind: 'cancelled', message: 'Se canceló.' })),
      )
    })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

/** All of standard input, when it is not a person's keyboard. @throws AppError STDIN_INVALID */
async function readAll(): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MAX_BYTES)
      throw refused('La entrada estándar es demasiado grande.', 'Un secreto ocupa a lo sumo 64 KiB.')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const valuesSchema = z.record(z.string(), z.string().min(1))

/**
 * The values of a secret: each of `names` is asked for, hidden, where a person types, and read from a line of its own where not. Without
 * names, a JSON object `{"nombre": "valor"}`.
 * @throws AppError STDIN_INVALID
 */
export async function readValues(names: readonly string[]): Promise<Record<string, string>> {
  const values = names.length > 0 ? await readNamed(names) : await readJson()
  for (const value of Object.values(values)) rememberSecret(value)
  return values
}

async function readNamed(names: readonly string[]): Promise<Record<string, string>> {
  const values = new Map<string, string>()
  const lines = interactive() ? null : (await readAll()).split(/\r?\n/)
  for (const [i, name] of names.entries()) {
    const value = lines === null ? await askHidden(name) : lines[i]
    if (value === undefined || value === '')
      throw refused(`Falta el valor de «${name}».`, 'Escribir una línea por cada --valor, en su orden.')
    values.set(name, value)
  }
  return Object.fromEntries(values)
}

async function readJson(): Promise<Record<string, string>> {
  const hint =
    'Dar por la entrada estándar un objeto JSON como {"clave": "..."}, o nombrar cada valor con --valor.'
  if (interactive()) throw refused('Faltan los valores del secreto.', hint)
  const text = await readAll()
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // The parser's own words quote what it read.
    throw refused('La entrada estándar no es un objeto JSON.', hint)
  }
  const values = valuesSchema.safeParse(parsed)
  if (!values.success) throw refused('Los valores deben ser textos con nombre, ninguno vacío.', hint)
  return values.data
}

/** Passphrases, in order: asked for where a person types, else one line each. @throws AppError STDIN_INVALID */
export async function readPhrases(prompts: readonly string[]): Promise<string[]> {
  const values = await readNamed(prompts)
  for (const value of Object.values(values)) rememberSecret(value)
  return prompts.map((prompt) => values[prompt] ?? '')
}
