/** A one-catalog YAML for `personas.csv`: codigo (required, unique) and edad (entero). */
export const personasYaml = (extra = ''): string => `sage_yaml:
  name: Personas
  description: Prueba
  version: "1"
  author: Pruebas
catalogs:
  personas:
    name: Personas
    description: Prueba
    filename: personas.csv
    file_format: { type: CSV, delimiter: ",", header: true }
    fields:
      - { name: codigo, type: texto, required: true, unique: true }
      - { name: edad, type: entero }
${extra}
packages:
  paquete:
    name: Personas
    description: Prueba
    file_format: { type: CSV }
    catalogs: [personas]
`
