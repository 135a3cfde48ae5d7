/**
 * Notes the size that the configuration asks for on the StatefulSet: its claim template can never change, so without it a
 * new size would be no change at all.
 */
export const storageAnnotation = "todo-app/database-storage";
