-- Núcleo del almacén: casillas, versiones de su YAML, catálogos, ejecuciones, materializaciones, ajustes y auditoría.
-- Los nombres de tablas y columnas son los de la plataforma original donde los tenía.

CREATE TABLE casillas_datos (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  nombre         TEXT    NOT NULL CHECK (length(nombre) BETWEEN 1 AND 255),
  descripcion    TEXT    NOT NULL DEFAULT '',
  nombre_yaml    TEXT    NOT NULL,
  politica       TEXT    NOT NULL DEFAULT 'todo_o_nada'
                 CHECK (politica IN ('todo_o_nada', 'por_catalogo', 'solo_validos')),
  is_active      INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  yaml_version   INTEGER NOT NULL CHECK (yaml_version >= 1),
  -- Entrada de ejemplo que trae el producto, relativa a la carpeta de recursos.
  muestra        TEXT,
  creado_en      TEXT    NOT NULL,
  actualizado_en TEXT    NOT NULL,
  -- Una casilla eliminada conserva su fila: sus ejecuciones siguen diciendo quién las juzgó.
  eliminado_en   TEXT,
  FOREIGN KEY (id, yaml_version) REFERENCES casillas_yaml_versiones (casilla_id, version)
    DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX casillas_datos_vivas ON casillas_datos (nombre) WHERE eliminado_en IS NULL;

CREATE TABLE casillas_yaml_versiones (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  casilla_id INTEGER NOT NULL REFERENCES casillas_datos (id) ON DELETE CASCADE,
  version    INTEGER NOT NULL CHECK (version >= 1),
  sha256     TEXT    NOT NULL CHECK (length(sha256) = 64),
  contenido  TEXT    NOT NULL,
  nota       TEXT    NOT NULL DEFAULT '',
  creado_en  TEXT    NOT NULL,
  UNIQUE (casilla_id, version)
);

-- Catálogos del YAML vigente. Los que una versión nueva retira quedan inactivos: sus materializaciones los necesitan.
CREATE TABLE catalogos (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  casilla_id INTEGER NOT NULL REFERENCES casillas_datos (id) ON DELETE CASCADE,
  catalogo   TEXT    NOT NULL,
  nombre     TEXT    NOT NULL,
  archivo    TEXT    NOT NULL,
  campos     INTEGER NOT NULL CHECK (campos >= 0),
  orden      INTEGER NOT NULL CHECK (orden >= 0),
  is_active  INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  UNIQUE (casilla_id, catalogo)
);

CREATE TABLE ejecuciones_yaml (
  id                  INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid                TEXT    NOT NULL UNIQUE CHECK (length(uuid) = 36),
  casilla_id          INTEGER REFERENCES casillas_datos (id) ON DELETE SET NULL,
  yaml_version        INTEGER,
  nombre_yaml         TEXT    NOT NULL,
  archivo_datos       TEXT    NOT NULL,
  -- De dónde se leyó la entrada; puede haber desaparecido.
  ruta_origen         TEXT    NOT NULL,
  -- Relativa a la carpeta de datos.
  ruta_directorio     TEXT    NOT NULL,
  metodo_envio        TEXT    NOT NULL DEFAULT 'direct_upload' CHECK (metodo_envio <> ''),
  politica            TEXT    NOT NULL CHECK (politica IN ('todo_o_nada', 'por_catalogo', 'solo_validos')),
  fase                TEXT    NOT NULL DEFAULT 'en_espera'
                      CHECK (fase IN ('en_espera', 'en_curso', 'terminada', 'cancelada', 'interrumpida', 'error')),
  estado              TEXT    CHECK (estado IN ('Éxito', 'Parcial', 'Fallido')),
  bytes               INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
  sha256              TEXT    CHECK (sha256 IS NULL OR length(sha256) = 64),
  registros_totales   INTEGER NOT NULL DEFAULT 0 CHECK (registros_totales >= 0),
  errores_detectados  INTEGER NOT NULL DEFAULT 0 CHECK (errores_detectados >= 0),
  warnings_detectados INTEGER NOT NULL DEFAULT 0 CHECK (warnings_detectados >= 0),
  error               TEXT    CHECK (error IS NULL OR json_valid(error)),
  -- La ejecución que esta repite.
  repite_a            TEXT,
  fecha_ejecucion     TEXT    NOT NULL,
  iniciada_en         TEXT,
  terminada_en        TEXT,
  CHECK ((fase = 'terminada') = (estado IS NOT NULL))
);
CREATE INDEX ejecuciones_yaml_fecha ON ejecuciones_yaml (fecha_ejecucion);
CREATE INDEX ejecuciones_yaml_casilla ON ejecuciones_yaml (casilla_id, fecha_ejecucion);
CREATE INDEX ejecuciones_yaml_estado ON ejecuciones_yaml (estado, fecha_ejecucion);
CREATE INDEX ejecuciones_yaml_pendientes ON ejecuciones_yaml (fase) WHERE fase IN ('en_espera', 'en_curso');

CREATE TABLE materializaciones (
  id                     INTEGER PRIMARY KEY AUTOINCREMENT,
  catalogo_id            INTEGER NOT NULL REFERENCES catalogos (id) ON DELETE CASCADE,
  nombre                 TEXT    NOT NULL CHECK (length(nombre) BETWEEN 1 AND 255),
  descripcion            TEXT    NOT NULL DEFAULT '',
  configuracion          TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(configuracion)),
  estado                 TEXT    NOT NULL DEFAULT 'pendiente' CHECK (estado IN ('pendiente', 'activo', 'inactivo')),
  ultima_materializacion TEXT,
  creado_en              TEXT    NOT NULL,
  actualizado_en         TEXT    NOT NULL
);
CREATE INDEX materializaciones_catalogo ON materializaciones (catalogo_id);

CREATE TABLE configuracion (
  clave          TEXT PRIMARY KEY,
  valor          TEXT NOT NULL CHECK (json_valid(valor)),
  actualizado_en TEXT NOT NULL
) WITHOUT ROWID;

-- Lo que se siembra una sola vez, aunque después se borre.
CREATE TABLE semillas (
  nombre      TEXT PRIMARY KEY,
  aplicada_en TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE auditoria (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  fecha     TEXT NOT NULL,
  actor     TEXT NOT NULL,
  accion    TEXT NOT NULL,
  objeto    TEXT NOT NULL,
  objeto_id TEXT,
  detalle   TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detalle))
);
CREATE INDEX auditoria_fecha ON auditoria (fecha);
CREATE INDEX auditoria_objeto ON auditoria (objeto, objeto_id);
