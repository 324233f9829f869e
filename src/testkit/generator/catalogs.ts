import type { FieldType } from '@shared/model/schema'
import { centsText, type Dice, pad } from './random'

export interface GeneratedField {
  name: string
  type: FieldType
  required?: boolean
  unique?: boolean
  /** Rules as YAML flow text. */
  rules?: { name: string; rule: string; severity: 'error' | 'warning' }[]
}

export interface GeneratedCatalog {
  id: string
  delimiter: string
  header: boolean
  fields: GeneratedField[]
  rowRules?: { name: string; rule: string; severity: 'error' | 'warning' }[]
  /** Records for a given number of sales. */
  size(sales: number): number
  /** One record's cells; `n` is 0-based. `sizes` gives the number of records of every catalog. */
  record(n: number, roll: Dice, sizes: Record<string, number>): string[]
}

const DAYS: string[] = Array.from({ length: 365 }, (_, day) =>
  new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
)
const STAMPS: string[] = DAYS.map((day, i) => `${day} ${pad(i % 24, 2)}:${pad((i * 7) % 60, 2)}:00`)
const STREETS = ['Av. Los Próceres', 'Jr. Ayacucho', 'Calle Las Ñustas', 'Pasaje San Martín', 'Av. El Sol']
const SHOPS = ['Bodega', 'Minimarket', 'Kiosko', 'Restaurante', 'Farmacia', 'Botica']
const GOODS = ['Galleta', 'Agua', 'Gaseosa', 'Arroz', 'Azúcar', 'Aceite', 'Detergente', 'Leche', 'Fideos']
const PLACES = ['LIMA', 'AREQUIPA', 'CUSCO', 'TRUJILLO', 'PIURA', 'ÁNCASH', 'JUNÍN']
const YES_NO = ['true', 'false', '1', '0', 'sí', 'no', 'S', 'verdadero'] as const

const client = (n: number): string => `C${pad(n + 1, 8)}`
const product = (n: number): string => `P${pad(n + 1, 7)}`
const seller = (n: number): string => `V${pad(n + 1, 5)}`
const route = (n: number): string => `R${pad(n + 1, 6)}`
const of = (sizes: Record<string, number>, id: string): number => Math.max(sizes[id] ?? 1, 1)
const share = (part: number) => (sales: number) => Math.max(1, Math.round(sales * part))
const text = (name: string): GeneratedField => ({ name, type: 'texto' })
const decimal = (name: string): GeneratedField => ({ name, type: 'decimal' })

const clientes: GeneratedCatalog = {
  id: 'clientes',
  delimiter: '|',
  header: false,
  size: share(0.12),
  fields: [
    { name: 'codigo_cliente', type: 'texto', required: true, unique: true },
    { name: 'nombre', type: 'texto', required: true },
    {
      name: 'ruc',
      type: 'texto',
      rules: [{ name: 'RUC', rule: "df['ruc'].str.match('^(10|20)[0-9]{9}$')", severity: 'warning' }],
    },
    text('direccion'),
    text('departamento'),
    text('telefono'),
    text('correo'),
    {
      name: 'estatus',
      type: 'texto',
      rules: [{ name: 'Estatus', rule: "df['estatus'].isin(['A','I','T'])", severity: 'error' }],
    },
    decimal('limite_credito'),
    { name: 'fecha_ingreso', type: 'fecha' },
    { name: 'dias_credito', type: 'entero' },
    { name: 'activo', type: 'booleano' },
  ],
  record: (n, roll) => [
    client(n),
    `${roll.pick(SHOPS)} ${roll.pick(GOODS)} ${n + 1}`,
    `${roll.pick(['10', '20'])}${pad(roll.int(1e9), 9)}`,
    `${roll.pick(STREETS)} ${roll.int(2000)}`,
    roll.pick(PLACES),
    `9${pad(roll.int(1e8), 8)}`,
    `cliente${n + 1}@correo.pe`,
    roll.pick(['A', 'I', 'T']),
    roll.money(1_000_000).text,
    roll.pick(DAYS),
    String(roll.int(90)),
    n % 997 === 0 ? 'true' : roll.pick(YES_NO.filter((word) => word !== 'S')),
  ],
}

const productos: GeneratedCatalog = {
  id: 'productos',
  delimiter: ',',
  header: true,
  size: share(0.02),
  fields: [
    { name: 'codigo_producto', type: 'texto', required: true, unique: true },
    text('descripcion'),
    {
      name: 'ean',
      type: 'texto',
      rules: [{ name: 'EAN-13', rule: "df['ean'].str.len() == 13", severity: 'error' }],
    },
    {
      name: 'factor_caja',
      type: 'entero',
      rules: [{ name: 'Factor', rule: "df['factor_caja'].astype(int) >= 1", severity: 'error' }],
    },
    { name: 'precio', type: 'decimal', required: true },
    { name: 'activo', type: 'booleano' },
  ],
  record: (n, roll) => [
    product(n),
    `"${roll.pick(GOODS)} ""Selecta"", caja ${n + 1}"`,
    pad(roll.int(1e12), 13),
    String(1 + roll.int(48)),
    roll.money(20_000).text,
    roll.pick(['true', 'false', '1', '0']),
  ],
}

const stock: GeneratedCatalog = {
  id: 'stock',
  delimiter: '|',
  header: false,
  size: share(0.4),
  fields: [
    { name: 'almacen', type: 'texto', required: true },
    { name: 'codigo_producto', type: 'texto', required: true },
    { name: 'lote', type: 'texto' },
    { name: 'fecha_stock', type: 'fecha', required: true },
    { name: 'fecha_vence', type: 'fecha' },
    {
      name: 'unidades',
      type: 'decimal',
      required: true,
      rules: [{ name: 'Unidades', rule: "df['unidades'] >= 0", severity: 'error' }],
    },
    decimal('costo'),
    text('unidad'),
    text('ubicacion'),
    text('nota'),
  ],
  record: (n, roll, sizes) => [
    `ALM${pad(n % 37, 3)}`,
    product(n % of(sizes, 'productos')),
    `L${pad(roll.int(1e6), 6)}`,
    roll.pick(DAYS),
    roll.pick(DAYS),
    roll.money(1_000_000).text,
    roll.money(20_000).text,
    roll.pick(['UND', 'CJ', 'PQ']),
    `Pasillo ${roll.int(40)} nivel ${roll.int(6)}`,
    '',
  ],
}

const vendedores: GeneratedCatalog = {
  id: 'vendedores',
  delimiter: ';',
  header: true,
  size: share(0.002),
  fields: [
    { name: 'codigo_vendedor', type: 'texto', required: true, unique: true },
    text('nombre'),
    text('supervisor'),
    { name: 'fecha_ingreso', type: 'fecha' },
  ],
  record: (n, roll) => [seller(n), `Íñigo Núñez ${n + 1}`, `Supervisor ${roll.int(50)}`, roll.pick(DAYS)],
}

const SALES_TEXT: string[] = [
  'moneda',
  'canal',
  'subcanal',
  'zona',
  'territorio',
  'departamento',
  'provincia',
  'distrito',
  'direccion',
  'almacen',
  'lote',
  'unidad',
  'tipo_documento',
  'condicion_pago',
  'lista_precio',
  'promocion',
  'motivo',
  'observacion',
] // prettier-ignore

const ventas: GeneratedCatalog = {
  id: 'ventas',
  delimiter: '|',
  header: false,
  size: (sales) => sales,
  fields: [
    { name: 'documento', type: 'texto', required: true },
    { name: 'item', type: 'entero', required: true },
    { name: 'id_linea', type: 'texto', required: true, unique: true },
    { name: 'fecha_documento', type: 'fecha', required: true },
    { name: 'fecha_entrega', type: 'fecha' },
    { name: 'fecha_registro', type: 'fecha' },
    { name: 'codigo_cliente', type: 'texto', required: true },
    { name: 'codigo_vendedor', type: 'texto', required: true },
    { name: 'codigo_producto', type: 'texto', required: true },
    { name: 'codigo_ruta', type: 'texto' },
    { name: 'nombre_cliente', type: 'texto' },
    { name: 'descripcion', type: 'texto' },
    {
      name: 'cantidad',
      type: 'decimal',
      required: true,
      rules: [{ name: 'Cantidad positiva', rule: "df['cantidad'].astype(float) > 0", severity: 'error' }],
    },
    { name: 'precio', type: 'decimal', required: true },
    { name: 'importe', type: 'decimal', required: true },
    decimal('descuento'),
    decimal('igv'),
    decimal('total'),
    decimal('costo'),
    { name: 'factor', type: 'entero' },
    { name: 'dias_credito', type: 'entero' },
    { name: 'bonificado', type: 'booleano' },
    { name: 'anulado', type: 'booleano' },
    ...SALES_TEXT.map(text),
    { name: 'fecha_carga', type: 'fecha' },
  ],
  rowRules: [
    {
      name: 'Importe cuadra',
      rule: "abs(df['importe'].astype(float) - df['cantidad'].astype(float) * df['precio'].astype(float)) <= 0.01",
      severity: 'error',
    },
    {
      name: 'Entrega no anterior',
      rule: "df['fecha_entrega'].isnull() | (pd.to_datetime(df['fecha_entrega']) >= pd.to_datetime(df['fecha_documento']))",
      severity: 'warning',
    },
  ],
  record: saleRecord,
}

function saleRecord(n: number, roll: Dice, sizes: Record<string, number>): string[] {
  const units = 1 + roll.int(60)
  const price = roll.money(9_000)
  const day = roll.int(360)
  const amount = units * price.cents
  const place = roll.pick(PLACES)
  return [
    `F001-${pad(Math.floor(n / 8) + 1, 8)}`,
    String((n % 8) + 1),
    `L${pad(n + 1, 11)}`,
    DAYS[day] ?? '',
    DAYS[day + roll.int(5)] ?? '',
    STAMPS[day] ?? '',
    client(roll.int(of(sizes, 'clientes'))),
    seller(roll.int(of(sizes, 'vendedores'))),
    product(roll.int(of(sizes, 'productos'))),
    route(roll.int(of(sizes, 'rutas'))),
    `${roll.pick(SHOPS)} ${roll.pick(GOODS)} de la familia Quispe Mamani y compañía ${roll.int(9000)}`,
    `${roll.pick(GOODS)} Selecta presentación familiar económica con envoltura retornable x ${roll.int(48)}`,
    String(units),
    price.text,
    centsText(amount),
    '0.00',
    centsText(Math.round(amount * 0.18)),
    centsText(Math.round(amount * 1.18)),
    centsText(Math.round(amount * 0.7)),
    String(1 + roll.int(24)),
    String(roll.int(60)),
    roll.pick(['true', 'false']),
    '0',
    roll.pick(['PEN', 'USD']),
    'TRADICIONAL',
    roll.pick(SHOPS),
    `ZONA ${roll.int(90)}`,
    `Territorio ${roll.int(400)}`,
    place,
    place,
    `Distrito ${roll.int(1800)}`,
    `${roll.pick(STREETS)} ${roll.int(2000)}`,
    `ALM${pad(roll.int(37), 3)}`,
    `L${pad(roll.int(1e6), 6)}`,
    roll.pick(['UND', 'CJ', 'PQ']),
    roll.pick(['FACTURA', 'BOLETA']),
    roll.pick(['CONTADO', 'CREDITO 15', 'CREDITO 30']),
    `LP-${roll.int(12)}`,
    roll.int(10) === 0 ? `PROMO ${roll.int(300)}` : '',
    '',
    n % 11 === 0 ? '"entregar, de ""mañana"""' : '',
    STAMPS[day] ?? '',
  ]
}

const rutas: GeneratedCatalog = {
  id: 'rutas',
  delimiter: '|',
  header: false,
  size: share(0.098),
  fields: [
    { name: 'codigo_ruta', type: 'texto', required: true },
    { name: 'codigo_vendedor', type: 'texto', required: true },
    { name: 'codigo_cliente', type: 'texto', required: true },
    {
      name: 'dia',
      type: 'entero',
      rules: [{ name: 'Día', rule: "df['dia'].between(1, 7)", severity: 'error' }],
    },
    text('frecuencia'),
    { name: 'orden', type: 'entero' },
  ],
  record: (n, roll, sizes) => [
    route(n),
    seller(roll.int(of(sizes, 'vendedores'))),
    client(roll.int(of(sizes, 'clientes'))),
    String(1 + roll.int(7)),
    roll.pick(['SEMANAL', 'QUINCENAL', 'MENSUAL']),
    String(roll.int(200)),
  ],
}

const pedidos: GeneratedCatalog = {
  id: 'pedidos',
  delimiter: ',',
  header: true,
  size: share(0.2),
  fields: [
    { name: 'pedido', type: 'texto', required: true, unique: true },
    { name: 'fecha_pedido', type: 'fecha', required: true },
    { name: 'codigo_cliente', type: 'texto', required: true },
    { name: 'codigo_vendedor', type: 'texto' },
    { name: 'codigo_producto', type: 'texto' },
    { name: 'cantidad', type: 'decimal' },
    { name: 'precio', type: 'decimal' },
    { name: 'importe', type: 'decimal' },
    text('estado'),
    { name: 'fecha_entrega', type: 'fecha' },
    { name: 'urgente', type: 'booleano' },
    text('observacion'),
  ],
  record: (n, roll, sizes) => [
    `PD-${pad(n + 1, 9)}`,
    roll.pick(DAYS),
    client(roll.int(of(sizes, 'clientes'))),
    seller(roll.int(of(sizes, 'vendedores'))),
    product(roll.int(of(sizes, 'productos'))),
    String(1 + roll.int(100)),
    roll.money(9_000).text,
    roll.money(900_000).text,
    roll.pick(['NUEVO', 'ATENDIDO', 'ANULADO']),
    roll.pick(DAYS),
    roll.pick(['si', 'no']),
    n % 5 === 0 ? 'llamar antes de llegar al local del cliente' : '',
  ],
}

export const CATALOGS: readonly GeneratedCatalog[] = [
  clientes,
  productos,
  stock,
  vendedores,
  ventas,
  rutas,
  pedidos,
]
