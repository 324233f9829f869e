import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { contract } from '../contract/index.fixture'
import { duckdbTarget } from './target.fixture'

const dir = mkdtempSync(join(tmpdir(), 'sage-duckdb-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

contract('duckdb', () => duckdbTarget(dir))
