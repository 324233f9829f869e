/** A catalog and a file that are right: what every hostile input is put against. Takes a CSV alone or inside a ZIP. */
export const GOOD_YAML = `sage_yaml:
  name: Prueba
  description: Un catálogo para archivos hostiles
  version: "1.0.0"
  author: pruebas
catalogs:
  clientes:
    name: Clientes
    description: Maestro de clientes
    filename: clientes.csv
    file_format: { type: CSV, delimiter: ",", header: true }
    fields:
      - { name: id, type: entero, required: true, unique: true }
      - { name: nombre, type: texto }
      - { name: saldo, type: decimal }
packages:
  suelto:
    name: Suelto
    description: El CSV solo
    file_format: { type: CSV, delimiter: ",", header: true }
    catalogs: [clientes]
  paquete:
    name: Paquete
    description: El CSV en un ZIP
    file_format: { type: ZIP }
    catalogs: [clientes]
`

export const GOOD_CSV = 'id,nombre,saldo\n1,Ñandú,10.5\n2,"a, ""b""",\n'
