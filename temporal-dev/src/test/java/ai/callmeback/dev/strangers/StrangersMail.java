package ai.callmeback.dev.strangers;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody else's post office. */
final class StrangersMail extends TinyServer {

    final List<String> keys = new CopyOnWriteArrayList<>();

    StrangersMail() throws IOException {}

    @Override
    Reply http(Request request, OutputStream out) {
        keys.add(request.headers().getOrDefault("idempotency-key", "none"));
        return Reply.json(200, "{\"id\":\"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794\"}");
    }
}
