import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { csvInputs, zipInputs } from './data-inputs'
import { GOOD_CSV, GOOD_YAML } from './good'
import { yamlInputs } from './yaml-inputs'

export { GOOD_CSV, GOOD_YAML } from './good'
export { type RawEntry, rawZip } from './zip-bytes'

/**
 * One hostile input: `file` judged by `yaml`. `expect` is the stable code that must be in what the product answers (an AppError, a
 * file error, a diagnostic of the YAML), or a pattern for it. `kind`: `refused` stops the run (exit 2) or the file; `findings` lets it
 * run and lists the bad records.
 */
export interface HostileInput {
  name: string
  file: string
  yaml: string
  kind: 'refused' | 'findings'
  expect: string | RegExp
}

/** What a builder gives: bytes for the file, for the YAML, or both; what it leaves out is the good one. */
export interface HostileBytes {
  name: string
  kind: HostileInput['kind']
  expect: string | RegExp
  /** Name and bytes of the input; default a good `clientes.csv`. */
  file?: { name: string; bytes: Buffer | string }
  yaml?: Buffer | string
}

/** Builds every hostile input under `dir`, each in a folder of its own. */
export function hostileInputs(dir: string): HostileInput[] {
  return [...csvInputs(), ...zipInputs(), ...yamlInputs()].map((input, i) => {
    const folder = join(dir, String(i + 1).padStart(2, '0'))
    mkdirSync(folder, { recursive: true })
    const file = join(folder, input.file?.name ?? 'clientes.csv')
    const yaml = join(folder, 'esquema.yaml')
    writeFileSync(file, input.file?.bytes ?? GOOD_CSV)
    writeFileSync(yaml, input.yaml ?? GOOD_YAML)
    return { name: input.name, file, yaml, kind: input.kind, expect: input.expect }
  })
}
