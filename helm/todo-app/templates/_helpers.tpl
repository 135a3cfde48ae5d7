{{/*
What Helm calculates by itself, written by hand. Everything else in this folder but NOTES.txt and tests/ is rendered from
components/ by `npm run render`; the equality test compares the results of both.
*/}}

{{/* A value as text: a number as a person writes it, not 1e+06. */}}
{{- define "todo-app.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end }}
{{- end }}

{{/* Name of the volume for a writable path, as components/pod.ts makes it. */}}
{{- define "todo-app.volumeName" -}}
{{- $name := regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trimAll "-" -}}
{{- printf "writable-%s" $name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* A list of environment variables in which a later one takes the place of an earlier one of the same name. */}}
{{- define "todo-app.lastWins" -}}
{{- $names := list }}
{{- $byName := dict }}
{{- range fromYamlArray . }}
{{- if not (hasKey $byName .name) }}{{ $names = append $names .name }}{{ end }}
{{- $_ := set $byName .name . }}
{{- end }}
{{- $variables := list }}
{{- range $names }}{{ $variables = append $variables (get $byName .) }}{{ end }}
{{- toYaml $variables }}
{{- end }}

{{/* Where the front end finds the back end: the service of this release, at whatever port it has. */}}
{{- define "todo-app.backendUrl" -}}
{{- if include "todo-app.ownBackend" . }}{{ printf "http://backend:%d" (int .Values.backend.service.port) }}
{{- else }}{{ .Values.config.backendUrl }}
{{- end }}
{{- end }}

{{- define "todo-app.ownBackend" -}}
{{- if has .Values.config.backendUrl (list "" "http://backend:8000") }}true{{ end }}
{{- end }}

{{/* Whether PostgreSQL runs in the namespace, for the applications that connect; empty if not. */}}
{{- define "todo-app.embeddedDatabase" -}}
{{- $elsewhere := and .Values.secrets.existingSecret (not .Values.database.existingSecret) }}
{{- if and .Values.database.existingSecret (not .Values.secrets.existingSecret) }}
{{- fail "database.existingSecret goes with secrets.existingSecret, whose database-url holds the same password" }}
{{- end }}
{{- $given := or .Values.secrets.databaseUrl $elsewhere .Values.database.external }}
{{- if and (not $given) (include "todo-app.databaseReaders" . | fromJsonArray) }}true{{ end }}
{{- end }}

{{/* The values of an application's pods: without an image of its own, the MCP server's are the back end's. */}}
{{- define "todo-app.application" -}}
{{- $values := (index . 0).Values }}{{ $app := index . 1 }}
{{- if and (eq $app "mcp") (not $values.mcp.image.repository) }}{{ $app = "backend" }}{{ end }}
{{- $app }}
{{- end }}

{{/* The applications that connect to the database, as a JSON list. */}}
{{- define "todo-app.databaseReaders" -}}
{{- $root := . }}
{{- $readers := list }}
{{- range list "frontend" "backend" "mcp" }}
{{- $values := get $root.Values (include "todo-app.application" (list $root .)) }}
{{- if and (ne $values.database.variables "none") (or (ne . "mcp") (eq $root.Values.mcp.mode "separate")) }}
{{- $readers = append $readers . }}
{{- end }}
{{- end }}
{{- toJson $readers }}
{{- end }}

{{/* Where the Secret holds the database's address as an application wants it. */}}
{{- define "todo-app.databaseUrlKey" -}}
{{- $app := include "todo-app.application" . }}
{{- $database := (get (index . 0).Values $app).database }}
{{- if or $database.scheme $database.options }}{{ $app }}-database-url{{ else }}database-url{{ end }}
{{- end }}

{{/* The database's address as an application wants it. */}}
{{- define "todo-app.databaseUrlFor" -}}
{{- $root := index . 0 }}
{{- $database := (get $root.Values (include "todo-app.application" .)).database }}
{{- $url := include "todo-app.databaseUrl" $root }}
{{- if $database.scheme }}{{ $url = printf "%s%s" $database.scheme (regexFind ":(?s).*" $url) }}{{ end }}
{{- if $database.options }}{{ $url = printf "%s?%s" (regexFind "^[^?]*" $url) $database.options }}{{ end }}
{{- $url }}
{{- end }}

{{/* Whether an application reads each part of the address; empty if not. */}}
{{- define "todo-app.databaseParts" -}}
{{- $root := . }}
{{- $found := "" }}
{{- range include "todo-app.databaseReaders" . | fromJsonArray }}
{{- $values := get $root.Values (include "todo-app.application" (list $root .)) }}
{{- if eq $values.database.variables "full" }}{{ $found = "true" }}{{ end }}
{{- end }}
{{- $found }}
{{- end }}

{{/* A part of the address in plain text, as manifests/database-address.ts takes it; urlParse is how Helm decodes one. */}}
{{- define "todo-app.databasePart" -}}
{{- $url := include "todo-app.databaseUrl" (index . 0) }}{{ $part := index . 1 }}
{{- $address := `^[^:]+://(?:([^:@/?#]*)(?::([^@/?#]*))?@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?/([^?#]*)(?s:.*)$` }}
{{- $groups := dict "database-user" "${1}" "database-password" "${2}" "database-host" "${3}" "database-port" "${4}" "database-name" "${5}" }}
{{- $text := regexReplaceAll $address $url (get $groups $part) }}
{{- if eq $part "database-host" }}{{ $text | trimAll "[]" }}
{{- else if eq $part "database-port" }}{{ $text | default "5432" }}
{{- else }}{{ (urlParse (printf "http://part/%s" $text)).path | trimPrefix "/" }}
{{- end }}
{{- end }}

{{/* Whether the back end is told its port: this repository's own is not, at its own port (stack/environment.ts). */}}
{{- define "todo-app.backendPort" -}}
{{- $own := list "python" "-m" "app.migrate" }}
{{- if or (ne (int .Values.backend.service.port) 8000) (ne (toJson .Values.backend.migrateCommand) (toJson $own)) }}true{{ end }}
{{- end }}

{{/* Whether browsers reach the back end themselves. */}}
{{- define "todo-app.backendIsOpen" -}}
{{- if or (eq .Values.backend.service.type "NodePort") (and .Values.ingress.host .Values.ingress.backendPaths) }}true{{ end }}
{{- end }}

{{/* The value of CORS_ORIGINS, as stack/cors.ts makes it; empty where it is not set. */}}
{{- define "todo-app.corsOrigins" -}}
{{- $cors := .Values.backend.cors }}
{{- $origins := list }}
{{- $url := include "todo-app.publicUrl" . }}
{{- if and $url (eq .Values.backend.service.type "NodePort") }}
{{- $origin := regexFind `^https?://[^/?#]*` (lower $url) }}
{{- $origins = list (regexReplaceAll `^(http:.*):80$` (regexReplaceAll `^(https:.*):443$` $origin "${1}") "${1}") }}
{{- end }}
{{- $origins = concat $origins $cors.origins | uniq }}
{{- if or (eq $cors.format "none") (not $origins) }}
{{- else if eq $cors.format "comma" }}{{ join "," $origins }}
{{- else }}{{ toRawJson $origins }}
{{- end }}
{{- end }}

{{/* Where people reach the front end, if it is neither the NodePort nor port-forward. */}}
{{- define "todo-app.publicUrl" -}}
{{- $ingress := .Values.ingress }}
{{- if .Values.frontend.publicUrl }}{{ .Values.frontend.publicUrl }}
{{- else if $ingress.host }}{{ ternary "https" "http" (not (empty $ingress.tlsSecret)) }}://{{ $ingress.host }}
{{- end }}
{{- end }}

{{/* Names under which the MCP server answers, as components/environment.ts has them. */}}
{{- define "todo-app.mcpAllowedHosts" -}}
{{- $namespace := .Values.namespace }}
{{- $app := "backend" }}{{ $port := int .Values.backend.service.port }}
{{- if eq .Values.mcp.mode "separate" }}{{ $app = "mcp" }}{{ $port = int .Values.mcp.service.port }}{{ end }}
{{- $hosts := list }}
{{- range list "" (printf ".%s" $namespace) (printf ".%s.svc" $namespace) (printf ".%s.svc.cluster.local" $namespace) }}
{{- $hosts = append $hosts (printf "%s%s" $app .) }}
{{- $hosts = append $hosts (printf "%s%s:%d" $app . $port) }}
{{- end }}
{{- range list "localhost" "127.0.0.1" }}{{ $hosts = append (append $hosts .) (printf "%s:*" .) }}{{ end }}
{{- toRawJson (concat $hosts .Values.mcp.allowedHosts) }}
{{- end }}

{{/* Connections of one pod that connects to the database, as config/pool.ts has it. */}}
{{- define "todo-app.poolSize" -}}
{{- $values := .Values }}{{ $scaling := .Values.backend.autoscaling }}
{{- $pods := dict "backend" (ternary $scaling.maxReplicas .Values.backend.replicaCount $scaling.enabled) }}
{{- $clients := 0 }}
{{- range include "todo-app.databaseReaders" . | fromJsonArray }}
{{- $most := get $pods . | default ((get $values .).replicaCount) }}
{{- $clients = add $clients (add1 (mul 2 (int $most))) }}
{{- end }}
{{- $size := div (sub (int .Values.database.maxConnections) 10) (max $clients 1) }}
{{- if lt $size 2 }}
{{- fail (printf "database.maxConnections must be at least %d for 2 connections a pod" (add 10 (mul 2 $clients))) }}
{{- end }}
{{- min $size 100 }}
{{- end }}

{{/* TCP ports without duplicates, in order, as a JSON list. */}}
{{- define "todo-app.ports" -}}
{{- $texts := list }}
{{- range . }}{{ $texts = append $texts (printf "%05d" (int .)) }}{{ end }}
{{- $ports := list }}
{{- range $texts | uniq | sortAlpha }}{{ $ports = append $ports (atoi .) }}{{ end }}
{{- toJson $ports }}
{{- end }}

{{/* Port of a URL. */}}
{{- define "todo-app.portOf" -}}
{{- $url := urlParse . }}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" }}
{{- if $port }}{{ $port }}{{ else if eq $url.scheme "https" }}443{{ else }}80{{ end }}
{{- end }}

{{- define "todo-app.frontendEgressPorts" -}}
{{- $own := include "todo-app.databaseEgressPorts" (list . "frontend") | fromJsonArray }}
{{- if not (include "todo-app.ownBackend" .) }}
{{- $own = append $own (include "todo-app.portOf" .Values.config.backendUrl | atoi) }}
{{- end }}
{{- include "todo-app.ports" (concat $own .Values.networkPolicies.frontendEgressPorts) }}
{{- end }}

{{/* Port of a database outside of the namespace, where an application connects to it, as a JSON list. */}}
{{- define "todo-app.databaseEgressPorts" -}}
{{- $root := index . 0 }}
{{- $reads := has (index . 1) (include "todo-app.databaseReaders" $root | fromJsonArray) }}
{{- if or (include "todo-app.embeddedDatabase" $root) (not $reads) }}[]{{ else }}{{ list (int $root.Values.networkPolicies.databasePort) | toJson }}{{ end }}
{{- end }}

{{- define "todo-app.backendEgressPorts" -}}
{{- $database := include "todo-app.databaseEgressPorts" (list . "backend") | fromJsonArray }}
{{- $model := include "todo-app.portOf" (.Values.config.openaiBaseUrl | default "https://api.openai.com") | atoi }}
{{- include "todo-app.ports" (concat $database (list $model) .Values.networkPolicies.backendEgressPorts) }}
{{- end }}

{{- define "todo-app.mcpEgressPorts" -}}
{{- $database := include "todo-app.databaseEgressPorts" (list . "mcp") | fromJsonArray }}
{{- include "todo-app.ports" (concat $database .Values.networkPolicies.backendEgressPorts) }}
{{- end }}

{{/* Digest of the settings that a pod reads, as components/checksum.ts takes it. */}}
{{- define "todo-app.configChecksum" -}}
{{- $root := first . }}
{{- $settings := (include (print $root.Template.BasePath "/configmap.yaml") $root | fromYaml).data }}
{{- $read := list }}
{{- range rest . | sortAlpha }}
{{- if hasKey $settings . }}{{ $read = append $read (list . (get $settings .)) }}{{ end }}
{{- end }}
{{- toRawJson $read | sha256sum | trunc 16 }}
{{- end }}

{{/* Name of the Secret with the application's credentials. */}}
{{- define "todo-app.secretName" -}}
{{- .Values.secrets.existingSecret | default "todo-secrets" }}
{{- end }}

{{/* Name of the Secret with the password of PostgreSQL. */}}
{{- define "todo-app.databaseSecretName" -}}
{{- .Values.database.existingSecret | default "postgres" }}
{{- end }}

{{/* Whether there is a cluster to look at: who installs a release may list the Secrets beside it, since Helm keeps its own there. */}}
{{- define "todo-app.cluster" -}}
{{- if lookup "v1" "Secret" .Release.Namespace "" }}true{{ end }}
{{- end }}

{{/*
Stands for a value that only an installation can generate: without a cluster each rendering would make another one. The
Secret then has a field that Kubernetes refuses by its name, which says what to set.
*/}}
{{- define "todo-app.ungenerated" -}}
ungenerated
{{- end }}

{{/*
A value that is generated once and then kept: what the cluster's Secret holds, else a random one, the same wherever this
rendering asks for it.
*/}}
{{- define "todo-app.kept" -}}
{{- $root := index . 0 }}{{ $secret := index . 1 }}{{ $key := index . 2 }}{{ $length := index . 3 }}
{{- if not (hasKey $root "Kept") }}{{ $_ := set $root "Kept" dict }}{{ end }}
{{- $name := printf "%s/%s" $secret $key }}
{{- if not (hasKey $root.Kept $name) }}
{{- $found := lookup "v1" "Secret" $root.Values.namespace $secret | default dict }}
{{- $value := get ($found.data | default dict) $key | b64dec }}
{{- if not $value }}
{{- if include "todo-app.cluster" $root }}{{ $value = randAlphaNum $length }}
{{- else }}{{ $value = include "todo-app.ungenerated" $root }}
{{- end }}
{{- end }}
{{- $_ := set $root.Kept $name $value }}
{{- end }}
{{- get $root.Kept $name }}
{{- end }}

{{- define "todo-app.databasePassword" -}}
{{- if .Values.secrets.databasePassword }}{{ .Values.secrets.databasePassword }}
{{- else }}{{ include "todo-app.kept" (list . "postgres" "password" 32) }}
{{- end }}
{{- end }}

{{- define "todo-app.jwtSecret" -}}
{{- if .Values.secrets.jwtSecret }}{{ .Values.secrets.jwtSecret }}
{{- else }}{{ include "todo-app.kept" (list . "todo-secrets" "jwt-secret" 64) }}
{{- end }}
{{- end }}

{{- define "todo-app.databaseUrl" -}}
{{- if .Values.secrets.databaseUrl }}{{ .Values.secrets.databaseUrl }}
{{- else if .Values.database.external }}{{ fail "set secrets.databaseUrl: with database.external the chart runs no PostgreSQL of its own" }}
{{- else if include "todo-app.embeddedDatabase" . }}postgresql://todo:{{ include "todo-app.databasePassword" . | urlquery }}@postgres:5432/todo
{{- end }}
{{- end }}

{{/* What the pods pull their images with. */}}
{{- define "todo-app.dockerConfig" -}}
{{- $registry := .Values.registry }}
{{- $auth := printf "%s:%s" $registry.username $registry.password | b64enc }}
{{- $login := dict "username" $registry.username "password" $registry.password "auth" $auth }}
{{- dict "auths" (dict (splitList "/" $registry.server | first) $login) | toRawJson }}
{{- end }}

{{/*
Digest of the secrets that the pods of an application read, so that they roll when one changes. The signing key is part of
it: nobody can guess a value and check it against the digest. What a Secret of the user's own holds is not looked up, or a
rendering without a cluster would have other pods than one with it. Empty where the pods of another tool, which go on, carry none.
*/}}
{{- define "todo-app.secretsChecksum" -}}
{{- $root := index . 0 }}{{ $app := index . 1 }}
{{- $values := $root.Values }}
{{- $read := list }}
{{- if and (eq $app "postgres") $values.database.existingSecret }}
{{- $read = list $values.database.existingSecret $values.secrets.existingSecretRevision }}
{{- else if eq $app "postgres" }}
{{- $read = list (include "todo-app.databasePassword" $root) }}
{{- else if $values.secrets.existingSecret }}
{{- $read = list $values.secrets.existingSecret $values.secrets.existingSecretRevision }}
{{- else }}
{{- $read = list (include "todo-app.jwtSecret" $root) }}
{{- if has $app (include "todo-app.databaseReaders" $root | fromJsonArray) }}{{ $read = append $read (include "todo-app.databaseUrlFor" .) }}{{ end }}
{{- if eq $app "backend" }}{{ $read = append $read $values.secrets.openaiApiKey }}{{ end }}
{{- end }}
{{- if ne $app "postgres" }}
{{- $read = append $read ((get $values (include "todo-app.application" .)).secretEnv) }}
{{- end }}
{{- $digest := toRawJson $read | sha256sum | trunc 16 }}
{{- $kept := $values.secrets.keptDigests | default dict }}
{{- if hasKey $kept $digest }}{{ get $kept $digest }}{{ else }}{{ $digest }}{{ end }}
{{- end }}
