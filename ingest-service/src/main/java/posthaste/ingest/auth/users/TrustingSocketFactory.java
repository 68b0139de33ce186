package posthaste.ingest.auth.users;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * How JNDI makes connections to {@code ldaps://} with certificates of one's own: it takes a class
 * by name and no object, so the one directory of a process is kept here.
 */
public final class TrustingSocketFactory extends SocketFactory {
    private static final AtomicReference<SSLSocketFactory> TRUSTING = new AtomicReference<>();

    /** JNDI asks for one by this name. */
    public static SocketFactory getDefault() {
        return new TrustingSocketFactory();
    }

    static void trust(SSLSocketFactory factory) {
        TRUSTING.set(factory);
    }

    @Override
    public Socket createSocket() throws IOException {
        return checked(factory().createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return checked(factory().createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
            throws IOException {
        return checked(factory().createSocket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return checked(factory().createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
            throws IOException {
        return checked(factory().createSocket(host, port, from, fromPort));
    }

    private static SSLSocketFactory factory() throws IOException {
        SSLSocketFactory factory = TRUSTING.get();
        if (factory == null) {
            throw new IOException("no directory is configured");
        }
        return factory;
    }

    /** Is to be for the host that was asked for (RFC 4513 section 3.1.3). */
    private static Socket checked(Socket socket) {
        if (socket instanceof SSLSocket tls) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("LDAPS");
            tls.setSSLParameters(parameters);
        }
        return socket;
    }
}
