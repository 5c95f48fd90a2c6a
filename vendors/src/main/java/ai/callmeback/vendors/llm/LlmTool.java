package ai.callmeback.vendors.llm;

/**
 * A function the model may call.
 *
 * @param parametersSchema a JSON Schema object as text: every property required, {@code additionalProperties} false
 */
public record LlmTool(String name, String description, String parametersSchema) {}
