-- Credenciales selladas y las claves de datos que las sellan. La clave nunca está aquí en claro: la guarda el llavero del sistema, o va
-- envuelta bajo la frase de la bóveda.

CREATE TABLE claves_datos (
  id           TEXT PRIMARY KEY CHECK (length(id) = 36),
  lugar        TEXT NOT NULL CHECK (lugar IN ('keytar', 'napi', 'boveda')),
  -- nueva: todavía no sella nada. retirada: ya no sella nada y falta borrarla de su lugar. perdida: una persona la dio por perdida.
  estado       TEXT NOT NULL CHECK (estado IN ('nueva', 'activa', 'retirada', 'perdida', 'destruida')),
  -- HMAC conocido bajo la clave: dice si la que devuelve su lugar es ella.
  verificacion BLOB NOT NULL CHECK (length(verificacion) = 16),
  -- Solo en la bóveda: la clave cifrada bajo la frase, con los parámetros de scrypt.
  envoltura    TEXT CHECK (envoltura IS NULL OR json_valid(envoltura)),
  creado_en    TEXT NOT NULL,
  activada_en  TEXT,
  retirada_en  TEXT,
  CHECK ((lugar = 'boveda' AND estado <> 'destruida') = (envoltura IS NOT NULL))
);
CREATE UNIQUE INDEX claves_datos_activa ON claves_datos (estado) WHERE estado = 'activa';

CREATE TABLE secretos_nube (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Entra en los datos autenticados del cifrado: lo sellado en una fila no se abre en otra.
  uuid            TEXT    NOT NULL UNIQUE CHECK (length(uuid) = 36),
  nombre          TEXT    NOT NULL CHECK (length(nombre) BETWEEN 1 AND 255),
  tipo            TEXT    NOT NULL CHECK (tipo IN ('base_datos', 's3', 'minio', 'azure', 'gcs', 'sftp', 'otro')),
  descripcion     TEXT    NOT NULL DEFAULT '',
  -- Nombre, huella y último cambio de cada valor; nunca el valor.
  valores         TEXT    NOT NULL CHECK (json_valid(valores)),
  clave_id        TEXT    NOT NULL REFERENCES claves_datos (id),
  nonce           BLOB    NOT NULL CHECK (length(nonce) = 12),
  cifrado         BLOB    NOT NULL,
  etiqueta        BLOB    NOT NULL CHECK (length(etiqueta) = 16),
  creado_en       TEXT    NOT NULL,
  actualizado_en  TEXT    NOT NULL,
  -- Cuándo cambiaron por última vez los valores.
  rotado_en       TEXT    NOT NULL,
  -- Día en que la credencial deja de valer.
  vence_en        TEXT,
  -- Cada cuántos días conviene cambiarla.
  rotar_cada_dias INTEGER CHECK (rotar_cada_dias IS NULL OR rotar_cada_dias BETWEEN 1 AND 3650),
  recordar_dias   INTEGER NOT NULL DEFAULT 14 CHECK (recordar_dias BETWEEN 0 AND 365)
);
CREATE UNIQUE INDEX secretos_nube_nombre ON secretos_nube (nombre);
CREATE INDEX secretos_nube_clave ON secretos_nube (clave_id);
