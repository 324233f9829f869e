-- Proveedores de nube (y carpetas y servidores SFTP), y la historia de sus pruebas de conexión.

CREATE TABLE proveedores_nube (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  nombre         TEXT    NOT NULL CHECK (length(nombre) BETWEEN 1 AND 255),
  descripcion    TEXT    NOT NULL DEFAULT '',
  -- Carpeta de src/engine/connectors: uno nuevo no necesita migración.
  tipo           TEXT    NOT NULL CHECK (length(tipo) BETWEEN 1 AND 40),
  -- JSON que valida el esquema de su tipo; las credenciales están en secretos_nube.
  configuracion  TEXT    NOT NULL CHECK (json_valid(configuracion)),
  -- JSON que valida redProveedorSchema: proxy, autoridad propia, límites.
  red            TEXT    NOT NULL CHECK (json_valid(red)),
  secreto_id     INTEGER REFERENCES secretos_nube (id),
  creado_en      TEXT    NOT NULL,
  actualizado_en TEXT    NOT NULL,
  -- Uno eliminado conserva su fila: lo que llegó por él sigue diciendo de dónde.
  eliminado_en   TEXT
);
CREATE UNIQUE INDEX proveedores_nombre ON proveedores_nube (nombre) WHERE eliminado_en IS NULL;
CREATE INDEX proveedores_secreto ON proveedores_nube (secreto_id) WHERE secreto_id IS NOT NULL;

CREATE TABLE proveedores_pruebas (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  proveedor_id INTEGER NOT NULL REFERENCES proveedores_nube (id) ON DELETE CASCADE,
  -- JSON que valida pruebaProveedorSchema.
  prueba       TEXT    NOT NULL CHECK (json_valid(prueba))
);
CREATE INDEX proveedores_pruebas_proveedor ON proveedores_pruebas (proveedor_id, id);
