-- Casillas que trabajan solas: carpeta vigilada, emisores, frecuencias y la máquina de estados de cada archivo recibido.

ALTER TABLE casillas_datos ADD COLUMN zona_horaria TEXT NOT NULL DEFAULT 'America/Lima';
-- Carpeta vigilada; NULL: solo recibe lo que una persona envía.
ALTER TABLE casillas_datos ADD COLUMN carpeta TEXT;
-- Cómo se vigila (patrones, ignorados, asentamiento, sondeo, duplicados); JSON que valida vigilanciaSchema.
ALTER TABLE casillas_datos ADD COLUMN vigilancia TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(vigilancia));
ALTER TABLE casillas_datos ADD COLUMN configuracion_frecuencia TEXT CHECK (configuracion_frecuencia IS NULL OR json_valid(configuracion_frecuencia));
ALTER TABLE casillas_datos ADD COLUMN prioridad INTEGER NOT NULL DEFAULT 0 CHECK (prioridad BETWEEN -10 AND 10);
ALTER TABLE casillas_datos ADD COLUMN pausada_en TEXT;

CREATE TABLE emisores (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  nombre           TEXT NOT NULL CHECK (length(nombre) BETWEEN 1 AND 255),
  organizacion     TEXT NOT NULL DEFAULT '',
  tipo_emisor      TEXT NOT NULL CHECK (tipo_emisor IN ('interno', 'corporativo', 'distribuidora', 'bot', 'cadena mt', 'eccomerce', 'erp', 'otros')),
  codigo_interno   TEXT CHECK (codigo_interno IS NULL OR length(codigo_interno) BETWEEN 1 AND 25),
  email_corporativo TEXT NOT NULL DEFAULT '',
  telefono         TEXT NOT NULL DEFAULT '',
  is_active        INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  creado_en        TEXT NOT NULL,
  actualizado_en   TEXT NOT NULL,
  eliminado_en     TEXT
);
CREATE UNIQUE INDEX emisores_codigo ON emisores (codigo_interno) WHERE codigo_interno IS NOT NULL AND eliminado_en IS NULL;

-- El permiso de un emisor para enviar a una casilla por un método.
CREATE TABLE emisores_por_casilla (
  id                      INTEGER PRIMARY KEY AUTOINCREMENT,
  emisor_id               INTEGER NOT NULL REFERENCES emisores (id) ON DELETE CASCADE,
  casilla_id              INTEGER NOT NULL REFERENCES casillas_datos (id) ON DELETE CASCADE,
  metodo_envio            TEXT NOT NULL CHECK (metodo_envio IN ('local', 'sftp', 'bucket', 'email', 'direct_upload', 'api')),
  parametros              TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(parametros)),
  -- Subcarpeta propia, relativa a la carpeta de la casilla.
  subdirectorio           TEXT NOT NULL DEFAULT '',
  responsable_nombre      TEXT NOT NULL DEFAULT '',
  responsable_email       TEXT NOT NULL DEFAULT '',
  responsable_telefono    TEXT NOT NULL DEFAULT '',
  responsable_activo      INTEGER NOT NULL DEFAULT 1 CHECK (responsable_activo IN (0, 1)),
  configuracion_frecuencia TEXT CHECK (configuracion_frecuencia IS NULL OR json_valid(configuracion_frecuencia)),
  creado_en               TEXT NOT NULL,
  actualizado_en          TEXT NOT NULL,
  UNIQUE (casilla_id, emisor_id, metodo_envio)
);
CREATE INDEX emisores_por_casilla_emisor ON emisores_por_casilla (emisor_id);

-- Cada archivo visto por el daemon: una fila por contenido y lugar, y su recorrido hasta un único desenlace.
CREATE TABLE archivos_recibidos (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  casilla_id     INTEGER NOT NULL REFERENCES casillas_datos (id) ON DELETE CASCADE,
  emisor_id      INTEGER REFERENCES emisores (id) ON DELETE SET NULL,
  metodo_envio   TEXT NOT NULL,
  -- Dónde estaba al verlo, absoluta o URI del proveedor.
  ruta           TEXT NOT NULL,
  nombre         TEXT NOT NULL,
  bytes          INTEGER NOT NULL CHECK (bytes >= 0),
  -- Huella del archivo en su lugar (tamaño, fecha, inodo o ETag): distingue el mismo nombre con otro contenido.
  huella         TEXT NOT NULL,
  sha256         TEXT CHECK (sha256 IS NULL OR length(sha256) = 64),
  estado         TEXT NOT NULL CHECK (estado IN ('detectado', 'reclamado', 'copiado', 'validando', 'validado', 'materializando', 'terminado', 'cuarentena')),
  -- Solo en terminado o cuarentena.
  desenlace      TEXT CHECK (desenlace IS NULL OR desenlace IN ('aceptado', 'parcial', 'rechazado', 'duplicado', 'desaparecido', 'error', 'cancelado')),
  motivo         TEXT,
  intentos       INTEGER NOT NULL DEFAULT 0,
  -- Veces que el motor murió mientras lo validaba: aparte de los intentos, que son fallas del archivo o de su entorno.
  caidas         INTEGER NOT NULL DEFAULT 0,
  proximo_intento TEXT,
  prioridad      INTEGER NOT NULL DEFAULT 0,
  -- Reclamo con plazo: quien lo tiene lo renueva; vencido, otra instancia puede tomarlo.
  reclamado_por  TEXT,
  reclamo_vence  TEXT,
  ejecucion_uuid TEXT,
  -- El mismo contenido que este otro, ya recibido.
  duplicado_de   INTEGER REFERENCES archivos_recibidos (id) ON DELETE SET NULL,
  -- Adónde se llevó el original; NULL mientras sigue en su lugar, '' cuando no quedó nada que llevar.
  ruta_final     TEXT,
  detectado_en   TEXT NOT NULL,
  modificado_en  TEXT NOT NULL,
  terminado_en   TEXT,
  CHECK ((desenlace IS NULL) = (estado NOT IN ('terminado', 'cuarentena')))
);
CREATE INDEX archivos_recibidos_casilla ON archivos_recibidos (casilla_id, id);
-- Lo que falta por hacer de cada casilla, en el orden en que se toma.
CREATE INDEX archivos_recibidos_abiertos ON archivos_recibidos (casilla_id, prioridad DESC, id) WHERE desenlace IS NULL;
CREATE INDEX archivos_recibidos_por_llevar ON archivos_recibidos (id) WHERE desenlace IS NOT NULL AND ruta_final IS NULL;
CREATE INDEX archivos_recibidos_contenido ON archivos_recibidos (casilla_id, sha256);
CREATE INDEX archivos_recibidos_ejecucion ON archivos_recibidos (ejecucion_uuid) WHERE desenlace IS NULL;
-- Mientras el original sigue en su lugar es el mismo archivo, tenga o no desenlace: volver a verlo no lo recibe otra vez.
CREATE UNIQUE INDEX archivos_recibidos_lugar ON archivos_recibidos (casilla_id, ruta, huella) WHERE ruta_final IS NULL;

ALTER TABLE ejecuciones_yaml ADD COLUMN emisor_id INTEGER REFERENCES emisores (id) ON DELETE SET NULL;
ALTER TABLE ejecuciones_yaml ADD COLUMN archivo_id INTEGER REFERENCES archivos_recibidos (id) ON DELETE SET NULL;
CREATE INDEX ejecuciones_yaml_emisor ON ejecuciones_yaml (emisor_id, fecha_ejecucion);
