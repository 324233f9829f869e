/** A one-catalog YAML for `ventas.csv`: fecha, sucursal, codigo and importe; the three first are the key of a record. */
export const ventasYaml = (): string => `sage_yaml:
  name: Ventas
  description: Ventas de cada sucursal
  version: "1"
  author: Pruebas
catalogs:
  ventas:
    name: Ventas
    description: Una fila por producto vendido
    filename: ventas.csv
    file_format: { type: CSV, delimiter: ",", header: true }
    fields:
      - { name: fecha, type: fecha, required: true }
      - { name: sucursal, type: texto, required: true }
      - { name: codigo, type: texto, required: true }
      - { name: importe, type: decimal }
packages:
  paquete:
    name: Ventas
    description: Ventas de cada sucursal
    file_format: { type: CSV }
    catalogs: [ventas]
`

/** Its file, of rows written as they stand in it. */
export const ventasCsv = (...rows: readonly string[]): string =>
  `fecha,sucursal,codigo,importe\n${rows.join('\n')}\n`
