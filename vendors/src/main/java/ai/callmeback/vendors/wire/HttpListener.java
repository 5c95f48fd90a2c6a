package ai.callmeback.vendors.wire;

import ai.callmeback.vendors.VendorFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/** Receives one HTTP answer, on the exchange's event loop: head, data, then end; or a failure at any point. */
public interface HttpListener {

    void onHead(int status, HttpHeaders headers);

    /** Part of the body; the buffer is only valid during the call. */
    void onData(ByteBuf data);

    void onEnd();

    /** No answer, or one that broke off. Called at most once, last. */
    void onFailure(Kind kind, String message);
}
