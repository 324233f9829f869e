import { totalmem } from 'node:os'
import { z } from 'zod'
import { DEFAULT_LIMITS } from '../formats/limits'
import { LOG_LEVELS } from '../logging'

type Bilingual = Record<'es' | 'en', string>

export interface Setting<T extends z.ZodType = z.ZodType> {
  schema: T
  default: z.output<T>
  /** `next-run`: seen by executions that start after the change. `live`: at once. */
  applies: 'live' | 'next-run'
  label: Bilingual
  help: Bilingual
}

const define = <T extends z.ZodType>(setting: Setting<T>): Setting<T> => setting

const MIB = 1024 * 1024
const GIB = 1024 * MIB
/** A quarter of the machine, at most 2 GB: what an execution may take without hurting the person's other work. */
const quarterOfMachine = Math.max(256, Math.min(2048, Math.floor(totalmem() / 4 / MIB)))

/** Every setting of the engine, once. The key is what `settings.get` and `settings.set` call it, and never changes. */
export const SETTINGS = {
  memoryLimitMb: define({
    schema: z.number().int().min(256).max(65_536),
    default: quarterOfMachine,
    applies: 'next-run',
    label: { es: 'Memoria del motor (MiB)', en: 'Engine memory (MiB)' },
    help: {
      es: 'Límite de memoria de una validación, sea cual sea el tamaño del archivo.',
      en: 'Memory one validation may use, whatever the size of the file.',
    },
  }),
  detailCap: define({
    schema: z.number().int().min(1).max(100_000),
    default: 1_000,
    applies: 'next-run',
    label: { es: 'Detalle por regla', en: 'Details per rule' },
    help: {
      es: 'Registros que se listan por regla en el informe; la lista completa queda en errores.csv.',
      en: 'Records listed per rule in the report; the full list is in errores.csv.',
    },
  }),
  unzipMaxFiles: define({
    schema: z.number().int().min(1).max(1_000_000),
    default: DEFAULT_LIMITS.entries,
    applies: 'next-run',
    label: { es: 'Archivos por ZIP', en: 'Files per ZIP' },
    help: {
      es: 'Un ZIP con más archivos se rechaza sin abrirlo.',
      en: 'A ZIP with more files is refused without being opened.',
    },
  }),
  unzipMaxFileGib: define({
    schema: z.number().min(0.001).max(4096),
    default: DEFAULT_LIMITS.entryBytes / GIB,
    applies: 'next-run',
    label: { es: 'Tamaño de un archivo al abrirse (GiB)', en: 'Size of one file when opened (GiB)' },
    help: {
      es: 'Lo que puede medir un archivo al salir de su ZIP o gzip.',
      en: 'How large one file may be once out of its ZIP or gzip.',
    },
  }),
  unzipMaxTotalGib: define({
    schema: z.number().min(0.001).max(16_384),
    default: DEFAULT_LIMITS.totalBytes / GIB,
    applies: 'next-run',
    label: { es: 'Tamaño de un ZIP al abrirse (GiB)', en: 'Size of a ZIP when opened (GiB)' },
    help: {
      es: 'Lo que pueden medir juntos los archivos de un ZIP al abrirse.',
      en: 'How large the files of a ZIP may be together once opened.',
    },
  }),
  concurrency: define({
    schema: z.number().int().min(1).max(8),
    default: 1,
    applies: 'live',
    label: { es: 'Ejecuciones a la vez', en: 'Executions at once' },
    help: {
      es: 'Cuántas ejecuciones corren a la vez; cada una usa su propia memoria.',
      en: 'How many executions run at once; each one uses its own memory.',
    },
  }),
  loadConcurrency: define({
    schema: z.number().int().min(1).max(8),
    default: 2,
    applies: 'live',
    label: { es: 'Cargas a la vez', en: 'Loads at once' },
    help: {
      es: 'Cuántas cargas en destinos corren a la vez; dos nunca escriben en la misma tabla.',
      en: 'How many loads into destinations run at once; two never write into one table.',
    },
  }),
  logLevel: define({
    schema: z.enum(LOG_LEVELS),
    default: 'INFO',
    applies: 'live',
    label: { es: 'Nivel del registro', en: 'Log level' },
    help: {
      es: 'Desde qué nivel se escribe en engine.log: DEBUG, INFO, WARN o ERROR.',
      en: 'From which level engine.log is written: DEBUG, INFO, WARN or ERROR.',
    },
  }),
} as const

export type SettingKey = keyof typeof SETTINGS
export type SettingValue<K extends SettingKey> = (typeof SETTINGS)[K]['default']

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(SETTINGS, key)
export const SETTING_KEYS: readonly SettingKey[] = Object.keys(SETTINGS).filter(isSettingKey)
