/** The ServiceAccount whose rights kubectl-ai has. */
export const kubectlAiAccount = "kubectl-ai";

/**
 * The commands, in order, that give kubectl-ai a kubeconfig of its own (a token of eight hours, nobody else's rights)
 * and start it. It is a program of the user's: nothing here installs or runs it.
 */
export function kubectlAiCommands(context: string, namespace: string, model: string): string[] {
  const file = "kubectl-ai.kubeconfig";
  const kubectl = `kubectl --context ${context}`;
  const own = `kubectl --kubeconfig ${file} config`;
  return [
    `(umask 077; ${kubectl} config view --minify --flatten > ${file})`,
    `${own} delete-user "$(${kubectl} config view --minify -o jsonpath='{.users[0].name}')"`,
    `${own} set-credentials ${kubectlAiAccount} --token="$(${kubectl} -n ${namespace} create token ${kubectlAiAccount} --duration=8h)"`,
    `${own} set-context --current --user=${kubectlAiAccount} --namespace=${namespace}`,
    `OPENAI_API_KEY=... KUBECONFIG=${file} kubectl-ai --llm-provider=openai --model=${model} "how are the pods?"`,
  ];
}
