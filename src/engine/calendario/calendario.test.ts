import { randomUUID } from 'node:crypto'
import { emisorDatos, openWorkbench, permisoDatos, type Workbench } from '@engine/casillas/workbench.fixture'
import { insertArchivo, insertEjecucion, markEnded, markStarted } from '@engine/store'
import { operations } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import { type Frecuencia, frecuenciaSchema } from '@shared/model/frecuencia'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listCalendario } from '.'

let bench: Workbench
beforeEach(() => {
  bench = openWorkbench()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

const LIMA = 'America/Lima'
const OLD = '2020-01-01T00:00:00.000Z'

async function makeCasilla(frecuencia: unknown, zonaHoraria = LIMA, nombre = 'Ventas'): Promise<number> {
  const { id } = await bench.casillas.create({
    nombre,
    descripcion: '',
    politica: 'todo_o_nada',
    nombreYaml: 'personas.yaml',
    yaml: personasYaml(),
    zonaHoraria,
    frecuencia: frecuencia === null ? null : (frecuenciaSchema.parse(frecuencia) satisfies Frecuencia),
  })
  since(OLD)
  return id
}

/** As if everything had been set up then. */
function since(when: string): void {
  const { db } = bench.store
  db.prepare('UPDATE casillas_datos SET creado_en = @when, frecuencia_desde = @when').run({ when })
  db.prepare('UPDATE emisores_por_casilla SET creado_en = @when, frecuencia_desde = @when').run({ when })
}

const iso = (text: string): string => new Date(text).toISOString()

/** A submission that was judged. */
function sent(
  casillaId: number,
  at: string,
  more: { emisorId?: number; repiteA?: string; archivo?: string } = {},
): string {
  const uuid = randomUUID()
  const now = iso(at)
  insertEjecucion(bench.store.db, {
    ...{ uuid, casillaId, yamlVersion: 1, nombreYaml: 'personas.yaml', origen: '/x', bytes: 1, now },
    ...{ archivo: more.archivo ?? 'a.csv', directorio: `ejecuciones/${uuid}`, metodoEnvio: 'local' },
    ...{ politica: 'todo_o_nada' as const, archivoId: null, recibidaEn: now },
    ...{ repiteA: more.repiteA ?? null, emisorId: more.emisorId ?? null },
  })
  return uuid
}

const list = (desde: string, hasta: string, now: string, more: object = {}) =>
  listCalendario(
    bench.store.db,
    operations['calendario.list'].input.parse({ desde, hasta, ...more }),
    new Date(now),
  )

/** Each date in a few words. */
const brief = (desde: string, hasta: string, now: string, more: object = {}): string[] =>
  list(desde, hasta, now, more).items.map((one) =>
    [one.emisorNombre, one.dia, one.hora, one.estado, one.minutosTarde]
      .filter((part) => part !== null)
      .join(' '),
  )

describe('what is due', () => {
  it('is received, late, missed or pending; lateness counts from the first one missed', async () => {
    const id = await makeCasilla({ tipo: 'diario', hora: '18:00' })
    // Lima is UTC-5: the 20th in time, the 21st two hours late, then nothing until the 24th.
    sent(id, '2026-11-20T20:00Z')
    sent(id, '2026-11-22T01:00Z')
    const uuid = sent(id, '2026-11-24T15:00Z', { archivo: 'd.csv' })
    expect(brief('2026-11-20', '2026-11-26', '2026-11-26T00:00Z')).toEqual([
      '2026-11-20 18:00 recibido 0',
      // What came at 20:00 of the 21st (01:00 of the 22nd in UTC).
      '2026-11-21 18:00 recibido 120',
      // Missed on the 22nd at 18:00; what came on the 24th at 10:00 ended it, 40 hours later.
      '2026-11-22 18:00 falto 2400',
      '2026-11-23 18:00 falto 2400',
      '2026-11-24 18:00 recibido 0',
      // 19:00 of the 25th.
      '2026-11-25 18:00 atrasado 60',
      '2026-11-26 18:00 pendiente 0',
    ])
    expect(list('2026-11-24', '2026-11-24', '2026-11-26T00:00Z').items).toEqual([
      {
        casillaId: id,
        casillaNombre: 'Ventas',
        emisorId: null,
        emisorNombre: null,
        fecha: '2026-11-24T23:00:00.000Z',
        dia: '2026-11-24',
        hora: '18:00',
        estado: 'recibido',
        minutosTarde: 0,
        recibidoEn: '2026-11-24T15:00:00.000Z',
        archivo: 'd.csv',
        archivoId: null,
        executionId: uuid,
        resultado: null,
      },
    ])
  })

  it('counts the row of missed dates from before the range, and until now while nothing comes', async () => {
    const id = await makeCasilla({ tipo: 'diario', hora: '18:00' })
    sent(id, '2026-11-20T20:00Z')
    // Missed since the 21st at 18:00 (23:00 UTC); three days and an hour later.
    const late = 3 * 1440 + 60
    expect(brief('2026-11-23', '2026-11-25', '2026-11-25T00:00Z')).toEqual([
      `2026-11-23 18:00 falto ${late}`,
      `2026-11-24 18:00 atrasado ${late}`,
      '2026-11-25 18:00 pendiente 0',
    ])
    // The morning after, the date of the day before is the last one due still.
    expect(brief('2026-11-24', '2026-11-25', '2026-11-25T15:00Z')).toEqual([
      `2026-11-24 18:00 atrasado ${late + 15 * 60}`,
      '2026-11-25 18:00 pendiente 0',
    ])
  })

  it('agrees with the punctuality of the casilla at any instant', async () => {
    const id = await makeCasilla({ tipo: 'semanal', hora: '08:00', dias_semana: ['lunes', 'jueves'] })
    const now = new Date()
    const day = (n: number): string => new Date(now.getTime() + n * 86_400_000).toISOString().slice(0, 10)
    const late = (): number =>
      list(day(-20), day(1), now.toISOString()).items.find(({ estado }) => estado === 'atrasado')
        ?.minutosTarde ?? 0
    since(new Date(now.getTime() - 10 * 86_400_000).toISOString())
    const { puntualidad } = bench.casillas.get(id)
    expect(puntualidad.estado).toBe('atrasado')
    expect(Math.abs(puntualidad.minutosTarde - late())).toBeLessThanOrEqual(1)
    expect(late()).toBeGreaterThan(3 * 1440)
    sent(id, new Date().toISOString())
    expect(bench.casillas.get(id).puntualidad.estado).not.toBe('atrasado')
    expect(late()).toBe(0)
  })

  it('is not missed before it was expected', async () => {
    const id = await makeCasilla({ tipo: 'diario', hora: '18:00' })
    since('2026-11-23T12:00:00.000Z')
    expect(brief('2026-11-20', '2026-11-24', '2026-11-24T12:00Z')).toEqual([
      '2026-11-23 18:00 atrasado 780',
      '2026-11-24 18:00 pendiente 0',
    ])
    // Choosing another frequency starts anew; the same one, not.
    await bench.casillas.update({ id, frecuencia: { tipo: 'diario', hora: '18:00' } })
    expect(brief('2026-11-20', '2026-11-24', '2026-11-24T12:00Z')).toHaveLength(2)
    await bench.casillas.update({ id, frecuencia: { tipo: 'diario', hora: '19:00' } })
    expect(bench.casillas.get(id).puntualidad.estado).not.toBe('atrasado')
    await bench.casillas.update({ id, frecuencia: null })
    expect(list('2026-11-20', '2026-11-24', '2026-11-24T12:00Z')).toEqual({ items: [], total: 0, dias: [] })
  })

  it.each([
    [
      'the end of each month of a leap year',
      { tipo: 'fin_de_mes', hora: '12:00' },
      LIMA,
      ['2028-01-20', '2028-04-05'],
      // In time; late by a day in March (its window goes on until 31 March); nothing in March; pending.
      ['2028-01-31T16:00Z', '2028-03-01T17:00Z'],
      '2028-04-01T17:00Z',
      ['2028-01-31 12:00 recibido 0', '2028-02-29 12:00 recibido 1440', '2028-03-31 12:00 atrasado 1440'],
    ],
    [
      'days past the end of February, over the change of year',
      { tipo: 'mensual', hora: '10:00', dias_mes: [31, 15] },
      LIMA,
      ['2026-12-31', '2027-02-28'],
      ['2027-01-14T15:00Z', '2027-01-15T15:00Z', '2027-02-28T16:00Z'],
      '2027-03-01T00:00Z',
      [
        // What came on the 14th answers the 31st of December still: 14 days late.
        '2026-12-31 10:00 recibido 20160',
        '2027-01-15 10:00 recibido 0',
        '2027-01-31 10:00 falto 40380',
        '2027-02-15 10:00 falto 40380',
        '2027-02-28 10:00 recibido 60',
      ],
    ],
    [
      'any day of the month until the 10th',
      { tipo: 'hasta_dia_n', hora: '12:00', dia_limite: 10 },
      LIMA,
      ['2026-10-01', '2026-12-31'],
      ['2026-10-01T06:00Z', '2026-11-20T12:00Z'],
      '2026-12-05T12:00Z',
      ['2026-10-10 12:00 recibido 0', '2026-11-10 12:00 recibido 14100', '2026-12-10 12:00 pendiente 0'],
    ],
    [
      // Madrid skips 02:30 on 29 March 2026: due at 03:30 by its clocks, 01:30 UTC.
      'a day whose hour the clocks skip',
      { tipo: 'diario', hora: '02:30' },
      'Europe/Madrid',
      ['2026-03-28', '2026-03-30'],
      ['2026-03-28T02:30Z', '2026-03-28T23:00Z'],
      '2026-03-30T01:00Z',
      ['2026-03-28 02:30 recibido 60', '2026-03-29 03:30 recibido 0', '2026-03-30 02:30 atrasado 30'],
    ],
    [
      // Shown twice on 25 October 2026: the first counts (00:30 UTC).
      'a day whose hour the clocks show twice',
      { tipo: 'diario', hora: '02:30' },
      'Europe/Madrid',
      ['2026-10-25', '2026-10-26'],
      ['2026-10-25T01:30Z'],
      '2026-10-26T00:00Z',
      ['2026-10-25 02:30 recibido 60', '2026-10-26 02:30 pendiente 0'],
    ],
    [
      // Kiritimati is UTC+14: its 1st of January begins at 10:00 UTC of the 31st.
      'the day of the casilla, not that of UTC',
      { tipo: 'quincenal', hora: '00:30' },
      'Pacific/Kiritimati',
      ['2027-01-01', '2027-01-01'],
      ['2026-12-31T09:59Z', '2026-12-31T10:40Z'],
      '2027-01-02T00:00Z',
      ['2027-01-01 00:30 recibido 10'],
    ],
  ])('on %s', async (_name, frecuencia, zone, [desde = '', hasta = ''], instants, now, expected) => {
    const id = await makeCasilla(frecuencia, zone)
    for (const at of instants) sent(id, at)
    expect(brief(desde, hasta, now)).toEqual(expected)
  })
})

describe('senders', () => {
  it('are expected each by its own frequency or the casilla’s; one’s file answers for nobody else', async () => {
    const id = await makeCasilla({ tipo: 'diario', hora: '18:00' })
    const people = ['Norte', 'Sur', 'Baja'].map((nombre) => bench.emisores.create(emisorDatos(nombre)))
    const [norte, sur, baja] = (await Promise.all(people)).map((one) => one.id)
    if (!norte || !sur || !baja) throw new Error('not created')
    const allow = (emisorId: number, frecuencia: Frecuencia | null) =>
      bench.emisores.guardarPermiso({
        casillaId: id,
        emisorId,
        datos: permisoDatos({ metodos: ['sftp'], frecuencia }),
      })
    await allow(norte, null)
    await allow(sur, frecuenciaSchema.parse({ tipo: 'semanal', hora: '09:00', dias_semana: ['miércoles'] }))
    await allow(baja, null)
    await bench.emisores.update(baja, emisorDatos('Baja', { activo: false }))
    since(OLD)
    sent(id, '2026-11-24T15:00Z', { emisorId: norte })
    sent(id, '2026-11-25T12:00Z')
    const now = '2026-11-25T15:00Z'
    sent(id, '2026-11-18T13:00Z', { emisorId: sur })
    expect(brief('2026-11-24', '2026-11-25', now)).toEqual([
      'Norte 2026-11-24 18:00 recibido 0',
      'Sur 2026-11-25 09:00 atrasado 60',
      'Norte 2026-11-25 18:00 pendiente 0',
    ])
    expect(list('2026-11-24', '2026-11-25', now).dias).toEqual([
      { dia: '2026-11-24', recibido: 1, tarde: 0, pendiente: 0, atrasado: 0, falto: 0 },
      { dia: '2026-11-25', recibido: 0, tarde: 0, pendiente: 1, atrasado: 1, falto: 0 },
    ])
    expect(brief('2026-11-24', '2026-11-25', now, { emisorId: sur })).toEqual([
      'Sur 2026-11-25 09:00 atrasado 60',
    ])
    const page = list('2026-11-24', '2026-11-25', now, { limit: 1, offset: 1 })
    expect([page.total, page.items.map(({ estado }) => estado), page.dias.length]).toEqual([
      3,
      ['atrasado'],
      2,
    ])
    expect(brief('2026-11-24', '2026-11-25', now, { estado: 'pendiente' })).toHaveLength(1)
    expect(list('2026-11-24', '2026-11-25', now, { casillaId: 999 }).total).toBe(0)
    const permisos = bench.emisores.permisos(id)
    expect(permisos.map(({ emisorNombre, puntualidad }) => [emisorNombre, puntualidad.estado])).toEqual([
      ['Baja', 'sin_frecuencia'],
      ['Norte', expect.any(String)],
      ['Sur', expect.any(String)],
    ])
    await bench.casillas.update({ id, activa: false })
    expect(list('2026-11-24', '2026-11-25', now).total).toBe(0)
  })
})

describe('what answers', () => {
  it('is neither a repetition nor what a person cancelled; a file that waits does', async () => {
    const id = await makeCasilla({ tipo: 'diario', hora: '18:00' })
    const { db } = bench.store
    const first = sent(id, '2026-11-23T15:00Z')
    sent(id, '2026-11-24T15:00Z', { repiteA: first })
    const cancelled = sent(id, '2026-11-24T16:00Z')
    markStarted(db, cancelled, iso('2026-11-24T16:00Z'))
    markEnded(db, cancelled, { fase: 'cancelada', now: iso('2026-11-24T16:01Z') })
    const now = '2026-11-24T23:30Z'
    const day = () => brief('2026-11-24', '2026-11-24', now)
    expect(day()).toEqual(['2026-11-24 18:00 atrasado 30'])
    const archivo = {
      ...{ casillaId: id, emisorId: null, metodo: 'local', ruta: '/x/b.csv', nombre: 'b.csv', bytes: 1 },
      ...{ huella: '1', modificadoEn: now },
    }
    insertArchivo(db, archivo, iso('2026-11-24T22:00Z'))
    insertArchivo(db, { ...archivo, huella: '2' }, iso('2026-11-24T22:00Z'))
    expect(day()).toEqual(['2026-11-24 18:00 recibido 0'])
    expect(list('2026-11-24', '2026-11-24', now).items[0]).toMatchObject({
      archivo: 'b.csv',
      executionId: null,
      archivoId: expect.any(Number),
    })
    expect(bench.casillas.get(id).puntualidad.ultimoEnvio).toBe(iso('2026-11-24T22:00Z'))
  })

  it('refuses a range that is none, or too long', async () => {
    const code = (desde: string, hasta: string): string => {
      try {
        list(desde, hasta, '2026-11-24T23:30Z')
        return 'no error'
      } catch (error) {
        return AppError.from(error).code
      }
    }
    expect(code('2026-01-02', '2026-01-01')).toBe('CALENDAR_RANGE')
    expect(code('2026-01-01', '2027-02-04')).toBe('no error')
    expect(code('2026-01-01', '2027-02-05')).toBe('CALENDAR_RANGE')
    expect(
      operations['calendario.list'].input.safeParse({ desde: '2026-02-30', hasta: '2026-03-01' }).success,
    ).toBe(false)
  })
})
