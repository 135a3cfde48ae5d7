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

{{/* Whether PostgreSQL runs in the namespace; empty if not. */}}
{{- define "todo-app.embeddedDatabase" -}}
{{- if not (or .Values.secrets.databaseUrl .Values.secrets.existingSecret .Values.database.external) }}true{{ end }}
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
{{- if eq .Values.mcp.mode "separate" }}{{ $app = "mcp" }}{{ $port = 8001 }}{{ end }}
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
{{- $scaling := .Values.backend.autoscaling }}
{{- $clients := add1 (mul 2 (int (ternary $scaling.maxReplicas .Values.backend.replicaCount $scaling.enabled))) }}
{{- if eq .Values.mcp.mode "separate" }}{{ $clients = add $clients (add1 (mul 2 (int .Values.mcp.replicaCount))) }}{{ end }}
{{- $size := div (sub (int .Values.database.maxConnections) 10) $clients }}
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
{{- $own := list }}
{{- if not (include "todo-app.ownBackend" .) }}
{{- $own = list (include "todo-app.portOf" .Values.config.backendUrl | atoi) }}
{{- end }}
{{- include "todo-app.ports" (concat $own .Values.networkPolicies.frontendEgressPorts) }}
{{- end }}

{{- define "todo-app.databaseEgressPorts" -}}
{{- if include "todo-app.embeddedDatabase" . }}[]{{ else }}{{ list (int .Values.networkPolicies.databasePort) | toJson }}{{ end }}
{{- end }}

{{- define "todo-app.backendEgressPorts" -}}
{{- $database := include "todo-app.databaseEgressPorts" . | fromJsonArray }}
{{- $model := include "todo-app.portOf" (.Values.config.openaiBaseUrl | default "https://api.openai.com") | atoi }}
{{- include "todo-app.ports" (concat $database (list $model) .Values.networkPolicies.backendEgressPorts) }}
{{- end }}

{{- define "todo-app.mcpEgressPorts" -}}
{{- $database := include "todo-app.databaseEgressPorts" . | fromJsonArray }}
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
{{- $_ := set $root.Kept $name ($value | default (randAlphaNum $length)) }}
{{- end }}
{{- get $root.Kept $name }}
{{- end }}

{{- define "todo-app.databasePassword" -}}
{{- include "todo-app.kept" (list . "postgres" "password" 32) }}
{{- end }}

{{- define "todo-app.jwtSecret" -}}
{{- if .Values.secrets.jwtSecret }}{{ .Values.secrets.jwtSecret }}
{{- else }}{{ include "todo-app.kept" (list . "todo-secrets" "jwt-secret" 64) }}
{{- end }}
{{- end }}

{{- define "todo-app.databaseUrl" -}}
{{- if .Values.secrets.databaseUrl }}{{ .Values.secrets.databaseUrl }}
{{- else if .Values.database.external }}{{ fail "set secrets.databaseUrl: with database.external the chart runs no PostgreSQL of its own" }}
{{- else }}postgresql://todo:{{ include "todo-app.databasePassword" . | urlquery }}@postgres:5432/todo
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
it: nobody can guess a value and check it against the digest.
*/}}
{{- define "todo-app.secretsChecksum" -}}
{{- $root := index . 0 }}{{ $app := index . 1 }}
{{- $values := $root.Values }}
{{- $read := list }}
{{- if eq $app "postgres" }}
{{- $read = list (include "todo-app.databasePassword" $root) }}
{{- else if $values.secrets.existingSecret }}
{{- $read = list (include "todo-app.kept" (list $root $values.secrets.existingSecret "jwt-secret" 64)) }}
{{- else }}
{{- $read = list (include "todo-app.jwtSecret" $root) }}
{{- if ne $app "frontend" }}{{ $read = append $read (include "todo-app.databaseUrl" $root) }}{{ end }}
{{- if eq $app "backend" }}{{ $read = append $read $values.secrets.openaiApiKey }}{{ end }}
{{- end }}
{{- if ne $app "postgres" }}
{{- $read = append $read ((get $values (ternary "frontend" "backend" (eq $app "frontend"))).secretEnv) }}
{{- end }}
{{- toRawJson $read | sha256sum | trunc 16 }}
{{- end }}
