package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reply cut into the events of a stream, one token each, and what they cost. What the request limits (number of
 * tokens, stop sequences) is cut off here.
 */
final class ChatStream {
    /** @param tokens how many tokens the event stands for, reasoning included */
    record Event(String data, int tokens) {}

    private final String id;
    private final long created;
    private final ChatRequest request;
    private final int promptTokens;
    private final List<String> reasoning;
    private final List<String> content;
    private final Optional<Reply.ToolCall> toolCall;
    private final List<String> arguments;
    private final String finishReason;

    ChatStream(String id, long created, ChatRequest request, int promptTokens, Reply reply, String thought) {
        this.id = id;
        this.created = created;
        this.request = request;
        this.promptTokens = promptTokens;
        this.reasoning = Tokenizer.tokens(thought);
        List<String> tokens = Tokenizer.tokens(beforeStop(reply.content(), request.stops()));
        int left = request.maxTokens() > 0 ? Math.max(0, request.maxTokens() - reasoning.size()) : Integer.MAX_VALUE;
        boolean cut = tokens.size() > left;
        this.content = cut ? tokens.subList(0, left) : tokens;
        this.toolCall = cut ? Optional.empty() : reply.toolCall();
        this.arguments =
                toolCall.map(call -> Tokenizer.tokens(call.arguments())).orElse(List.of());
        this.finishReason = cut ? "length" : toolCall.isPresent() ? "tool_calls" : "stop";
    }

    int promptTokens() {
        return promptTokens;
    }

    int reasoningTokens() {
        return reasoning.size();
    }

    /** All that is generated if nobody stops it. */
    int completionTokens() {
        // A call costs its name besides its arguments.
        return reasoning.size() + content.size() + arguments.size() + (toolCall.isPresent() ? 1 : 0);
    }

    String text() {
        return String.join("", content);
    }

    String finishReason() {
        return finishReason;
    }

    Optional<Reply.ToolCall> toolCall() {
        return toolCall;
    }

    /** The events in order, without the closing {@code [DONE]}. */
    List<Event> events(boolean withUsage) {
        List<Event> events = new ArrayList<>(content.size() + reasoning.size() + arguments.size() + 4);
        events.add(choice("{\"role\":\"assistant\",\"content\":\"\"}", 0));
        for (String token : reasoning) {
            events.add(choice("{\"reasoning\":" + Json.quote(token) + "}", 1));
        }
        for (String token : content) {
            events.add(choice("{\"content\":" + Json.quote(token) + "}", 1));
        }
        toolCall.ifPresent(call -> addCall(events, call));
        events.add(finish());
        if (withUsage && request.includeUsage()) {
            events.add(new Event(start() + "\"choices\":[],\"usage\":" + usage() + "}", 0));
        }
        return events;
    }

    /** The whole answer in one piece. */
    String completion() {
        StringBuilder json = new StringBuilder(text().length() + 512);
        json.append("{\"id\":\"")
                .append(id)
                .append("\",\"object\":\"chat.completion\",\"created\":")
                .append(created);
        Json.quote(json.append(",\"model\":"), request.model());
        json.append(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":");
        Json.quote(json, toolCall.isPresent() && content.isEmpty() ? null : text())
                .append(",\"refusal\":null");
        if (!reasoning.isEmpty()) {
            Json.quote(json.append(",\"reasoning\":"), String.join("", reasoning));
        }
        toolCall.ifPresent(call -> json.append(",\"tool_calls\":[{\"id\":\"call_")
                .append(id.substring(id.length() - 8))
                .append("\",\"type\":\"function\",\"function\":{\"name\":")
                .append(Json.quote(call.name()))
                .append(",\"arguments\":")
                .append(Json.quote(call.arguments()))
                .append("}}]"));
        json.append("},\"finish_reason\":\"")
                .append(finishReason)
                .append("\"}],\"usage\":")
                .append(usage());
        return json.append('}').toString();
    }

    private void addCall(List<Event> events, Reply.ToolCall call) {
        events.add(choice(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"call_" + id.substring(id.length() - 8)
                        + "\",\"type\":\"function\",\"function\":{\"name\":" + Json.quote(call.name())
                        + ",\"arguments\":\"\"}}]}",
                1));
        for (String token : arguments) {
            events.add(choice(
                    "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":" + Json.quote(token) + "}}]}", 1));
        }
    }

    private Event choice(String delta, int tokens) {
        return new Event(
                start() + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]" + noUsage()
                        + "}",
                tokens);
    }

    private Event finish() {
        return new Event(
                start() + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + finishReason + "\"}]"
                        + noUsage() + "}",
                0);
    }

    private String start() {
        return "{\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":" + created + ",\"model\":"
                + Json.quote(request.model()) + ",";
    }

    private String noUsage() {
        return request.includeUsage() ? ",\"usage\":null" : "";
    }

    private String usage() {
        int completion = completionTokens();
        return "{\"prompt_tokens\":" + promptTokens + ",\"completion_tokens\":" + completion + ",\"total_tokens\":"
                + (promptTokens + completion) + ",\"prompt_tokens_details\":{\"cached_tokens\":0},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":" + reasoning.size() + "}}";
    }

    private static String beforeStop(String text, List<String> stops) {
        int end = text.length();
        for (String stop : stops) {
            int at = stop.isEmpty() ? -1 : text.indexOf(stop);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        return text.substring(0, end);
    }
}
